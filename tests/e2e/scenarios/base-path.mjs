// Scenario 24: the service under a path, behind a proxy.
import assert from 'node:assert/strict';
import { proxy } from '../lib/others.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { underPath } from '../lib/world.mjs';

for (const strip of [false, true]) {
  scenario(
    `24 under /carto${strip ? ', which the proxy takes off,' : ''} the map opens, searches and lists, and asks nothing outside /carto`,
    staysUnderPath,
    { server: async () => proxy((await underPath()).url, { strip }) },
  );
}

async function staysUnderPath(stage) {
  const page = new MapPage(stage);
  await stage.goto('/');
  await stage.map.assertPainted();
  const points = await stage.map.drawn('actors', 'actor_clusters', 'events', 'event_clusters');
  assert.ok(points.length > 0, 'no point is drawn');
  await page.offered('Cilaos');
  await page.openTab(/^Liste/);
  await page.rows().first().getByRole('button').click();
  await page.card().getByRole('link', { name: 'Fiche complète' }).click();
  await eventually('the page of the actor', () =>
    new URL(stage.page.url()).pathname.startsWith('/carto/collections/actors/items/'),
  );
  await stage.page.getByRole('heading', { level: 1 }).waitFor();
  await stage.page.goBack();
  await stage.map.rests();
  const transfers = await stage.weighed();
  const strays = transfers.filter(
    ({ url }) => /^http/.test(url) && !new URL(url).pathname.startsWith('/carto/'),
  );
  assert.deepEqual(strays, []);
  assert.deepEqual(
    transfers.filter(({ status }) => status >= 400),
    [],
  );
}
