// Scenario 1: the map opens with no help from elsewhere.
import assert from 'node:assert/strict';
import { scenario } from '../lib/scenario.mjs';

scenario('1 the map opens: painted, labelled, boundaries and points from its own server', async (stage) => {
  const response = await stage.goto('/');
  assert.equal(response.status(), 200);
  assert.match(response.headers()['content-security-policy'], /default-src 'self'/);
  assert.doesNotMatch(
    response.headers()['content-security-policy'],
    /unsafe-eval|script-src[^;]*unsafe-inline/,
  );
  await stage.map.assertPainted();
  assert.ok((await stage.map.drawn('admin_labels')).length > 0, 'no label is drawn');
  assert.ok(
    (await stage.map.drawn('municipalities', 'departments', 'regions')).length > 0,
    'no unit is drawn',
  );
  const points = await stage.map.drawn('actors', 'actor_clusters', 'events', 'event_clusters');
  assert.ok(points.length > 0, 'no point is drawn');
  await stage.shot('open');
});
