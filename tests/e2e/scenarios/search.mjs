// Scenario 4: one box for places, actors and events.
import assert from 'node:assert/strict';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { hostile } from '../lib/world.mjs';

const box = (stage) => stage.page.getByRole('combobox').first();

/** Types, and gives the names that are offered once they have come. */
async function offered(stage, text) {
  await box(stage).fill(text);
  return eventually(`results for ${text}`, async () => {
    const names = await stage.page.getByRole('option').allInnerTexts();
    return names.length > 0 && names;
  });
}

scenario(
  '4 accents and capitals make no difference to a search',
  async (stage) => {
    await stage.goto('/');
    const plain = await offered(stage, 'mediatheque');
    await box(stage).fill('');
    await eventually('the list closes', async () => (await stage.page.getByRole('option').count()) === 0);
    assert.deepEqual(await offered(stage, 'MÉDIATHÈQUE'), plain);
    assert.match(plain[0], /Médiathèque du Front de mer/);
  },
  { server: hostile },
);

scenario('4 a place that was found moves the map', async (stage) => {
  await stage.goto('/');
  const before = await stage.map.camera();
  await offered(stage, 'Cilaos');
  await stage.page
    .getByRole('option', { name: /Cilaos/ })
    .first()
    .click();
  await eventually('the map goes to Cilaos', async () => {
    const { lon, lat, zoom } = await stage.map.camera();
    return Math.abs(lon - 55.47) < 0.1 && Math.abs(lat + 21.14) < 0.1 && zoom > before.zoom;
  });
});

scenario('4 a search without result says what to try', async (stage) => {
  await stage.goto('/');
  await box(stage).fill('xqzxqz');
  await eventually('advice is given', async () => /Essayez/.test(await stage.text()));
});
