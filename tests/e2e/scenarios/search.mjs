// Scenario 4: one box for places, actors and events.
import assert from 'node:assert/strict';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { hostile } from '../lib/world.mjs';

scenario(
  '4 accents and capitals make no difference to a search',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    const plain = await page.offered('mediatheque');
    await page.search().fill('');
    await eventually('the list closes', async () => (await stage.page.getByRole('option').count()) === 0);
    assert.deepEqual(await page.offered('MÉDIATHÈQUE'), plain);
    assert.match(plain[0], /Médiathèque du Front de mer/);
  },
  { server: hostile },
);

scenario(
  '4 places, actors and events are grouped; a place that was found becomes the perimeter',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    await page.offered('Cilaos');
    await stage.page
      .getByRole('group', { name: 'Lieux' })
      .getByRole('option', { name: /Commune/ })
      .first()
      .click();
    await page.address('unit', 'municipality:97424');
    await eventually('the map goes to Cilaos', async () => {
      const { lon, lat } = await stage.map.camera();
      return Math.abs(lon - 55.47) < 0.1 && Math.abs(lat + 21.14) < 0.1;
    });
  },
);

scenario('4 a search without result says what to try', async (stage) => {
  const page = new MapPage(stage);
  await stage.goto('/');
  await page.search().fill('xqzxqz');
  await eventually('advice is given', async () => /Essayez/.test(await stage.text()));
});

scenario(
  '4 the text filters the map and the list',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    await page.search().fill('atelier du meme endroit');
    await stage.page.getByRole('option', { name: /^Filtrer/ }).click();
    await page.address('q', 'atelier du meme endroit');
    await eventually('five are listed', async () => (await page.rows().count()) === 5);
    await page
      .chips()
      .getByRole('button', { name: /^Retirer/ })
      .click();
    await eventually('all are listed', async () => (await page.rows().count()) > 5);
  },
  { server: hostile },
);
