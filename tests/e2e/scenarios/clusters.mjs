// Scenario 6: clusters open, cells zoom in, their sum is the total; what lies on one spot can be listed.
import assert from 'node:assert/strict';
import { everything } from '../lib/api.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { hostile, reunion } from '../lib/world.mjs';

scenario(
  '6 points and clusters add up to the located total, at every zoom that shows the island',
  async (stage) => {
    const located = (await everything(await reunion(), 'actors')).filter(({ geometry }) => geometry).length;
    await stage.goto('/');
    for (const zoom of [5, 7, 9]) {
      await stage.map.jumpTo(55.53, -21.13, zoom);
      await stage.map.totals('actors', located);
    }
  },
);

scenario('6 a press on a cluster opens it', async (stage) => {
  await stage.goto('/');
  await stage.map.jumpTo(55.53, -21.13, 9);
  const before = await stage.map.camera();
  const clusters = await stage.map.drawn('actor_clusters');
  const one = clusters.find(({ properties }) => properties.expansion_zoom > before.zoom);
  assert.ok(one, 'no cluster is drawn');
  await stage.map.click(one.at);
  await eventually('the map comes nearer', async () => (await stage.map.camera()).zoom > before.zoom + 0.5);
});

scenario(
  '6 what lies on one spot is listed, and each can be opened',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    await stage.map.jumpTo(55.4781, -21.3393, 17);
    const [spot] = await stage.map.drawn('actor_clusters');
    assert.equal(spot?.properties.count, 5);
    await stage.map.click(spot.at);
    await eventually('five are listed', async () => (await page.card().locator('li').count()) === 5);
    await page
      .card()
      .getByRole('button', { name: /Atelier C/ })
      .click();
    await page
      .card()
      .getByRole('heading', { name: /Atelier C du même endroit/ })
      .waitFor();
  },
  { server: hostile },
);
