// Scenario 24: the service under a path, behind a proxy.
import assert from 'node:assert/strict';
import { proxy } from '../lib/others.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { underPath } from '../lib/world.mjs';

const kept = async () => proxy((await underPath()).url, { strip: false });

scenario(
  '24 under /carto the map opens, searches and lists, and asks nothing outside /carto',
  async (stage) => {
    await stage.goto('/');
    await stage.map.assertPainted();
    const points = await stage.map.drawn('actors', 'actor_clusters', 'events', 'event_clusters');
    assert.ok(points.length > 0, 'no point is drawn');
    await stage.page.getByRole('combobox').first().fill('Cilaos');
    await eventually('a result', async () => (await stage.page.getByRole('option').count()) > 0);
    const strays = (await stage.weighed()).filter(({ url }) => !new URL(url).pathname.startsWith('/carto/'));
    assert.deepEqual(
      strays.map(({ url }) => url).filter((url) => /^http/.test(url)),
      [],
    );
    assert.deepEqual(
      (await stage.weighed()).filter(({ status }) => status >= 400),
      [],
    );
  },
  { server: kept },
);
