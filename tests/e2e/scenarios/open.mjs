// Scenario 1: the map opens with no help from elsewhere.
import assert from 'node:assert/strict';
import { json } from '../lib/api.mjs';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

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

scenario(
  '1 the ground around the island has its neighbours, and not itself: the sea is sea',
  async (stage) => {
    const { features } = await json(await reunion(), '/styles/ground.geojson');
    const countries = new Set(features.map(({ properties }) => properties.country));
    for (const country of ['MU', 'MG', 'FR']) assert.ok(countries.has(country), country);
    const near = ([lon, lat]) => Math.hypot(lon - 55.5, lat + 21.1) < 1;
    assert.ok(
      !features.some(({ geometry }) => geometry.coordinates.flat().some(near)),
      'La Réunion is its own',
    );
    await stage.goto('/#map=11/-20.85/55.45');
    const atSea = await stage.page.evaluate(() => {
      const map = window.__map;
      return map.queryRenderedFeatures(map.project([55.45, -20.82])).map(({ layer }) => layer.id);
    });
    assert.deepEqual(atSea, []);
  },
);
