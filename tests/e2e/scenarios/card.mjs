// Scenario 7: the card of an actor or event, from the map and from the list; hostile text is text.
import assert from 'node:assert/strict';
import { everything } from '../lib/api.mjs';
import { focused, tabTo } from '../lib/keys.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { hostile } from '../lib/world.mjs';

/** Nothing that came from data has run, or was made an element. */
async function assertInert(stage, where) {
  const found = await stage.page.evaluate(() => ({
    ran: window.__xss,
    elements: document.querySelectorAll(
      'img[src="x"], svg[onload], [onerror], [onmouseover], [onclick], [onfocus]',
    ).length,
    links: [...document.querySelectorAll('a[href]')]
      .map((link) => link.getAttribute('href').trim().toLowerCase())
      .filter((href) => /^(javascript|data|vbscript):/.test(href) || href.includes('evil.example')),
  }));
  assert.deepEqual(found, { ran: undefined, elements: 0, links: [] }, where);
}

scenario(
  '7 a press on a marker opens its card; Escape closes it',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    await stage.map.jumpTo(55.2707, -21.0096, 16);
    const [marker] = (await stage.map.drawn('actors')).filter(({ properties }) =>
      /Médiathèque/.test(properties.name),
    );
    assert.ok(marker, 'the media library is not drawn');
    await stage.map.click(marker.at);
    await page
      .card()
      .getByRole('heading', { name: /Médiathèque du Front de mer/ })
      .waitFor();
    await page
      .card()
      .getByRole('link', { name: /Saint-Paul/ })
      .first()
      .waitFor();
    const record = await page.card().getByRole('link', { name: 'Fiche complète' }).getAttribute('href');
    const answer = await fetch(new URL(record, `${stage.home}/`), { headers: { accept: 'text/html' } });
    assert.equal(answer.status, 200);
    await stage.shot('card');
    await stage.page.keyboard.press('Escape');
    await eventually('the card closes', async () => (await page.card().count()) === 0);
  },
  { server: hostile },
);

scenario(
  '7 by keyboard alone: from the list to the card and back to where one was',
  async (stage) => {
    const page = new MapPage(stage);
    const { keyboard } = stage.page;
    await stage.goto('/');
    await tabTo(stage.page, ({ name }) => name === 'Voir les résultats en liste');
    await keyboard.press('Enter');
    await eventually('the list is there', async () => (await page.rows().count()) > 0);
    const row = await tabTo(
      stage.page,
      ({ tag, name }) => tag === 'button' && /Médiathèque du Front de mer/.test(name),
    );
    await keyboard.press('Enter');
    await page.card().waitFor();
    await eventually(
      'the focus goes to the card',
      async () =>
        /Médiathèque/.test((await focused(stage.page)).name) && (await focused(stage.page)).tag === 'h2',
    );
    await keyboard.press('Escape');
    await eventually(
      'the focus goes back to the row',
      async () => (await focused(stage.page)).name === row.name,
    );
  },
  { server: hostile },
);

scenario(
  '7 hostile names, descriptions and addresses are inert in map, list, card, table, search and page of the item',
  async (stage) => {
    const page = new MapPage(stage);
    const server = await hostile();
    await stage.goto('/?view=list');
    await eventually('the list is there', async () => (await page.rows().count()) >= 10);
    await assertInert(stage, 'list');
    const actors = (await everything(server, 'actors')).filter(
      ({ properties }) => properties.theme === 'culture',
    );
    assert.ok(actors.length >= 10);
    for (const { id } of actors) {
      await stage.goto(`/?sel=${encodeURIComponent(id)}`);
      await page.card().getByRole('link', { name: 'Fiche complète' }).waitFor();
      await page.card().hover();
      await assertInert(stage, `card of ${id}`);
      const wide = await page.card().evaluate((card) => card.scrollWidth - card.clientWidth);
      assert.ok(wide <= 1, `the card of ${id} is ${wide} pixels too wide`);
    }
    await stage.shot('card-hostile');
    await stage.goto('/?view=table');
    await stage.page.getByRole('table').waitFor();
    await assertInert(stage, 'table');
    await page.search().fill('window');
    await eventually('results', async () => (await stage.page.getByRole('option').count()) > 1);
    await assertInert(stage, 'search');
  },
  { server: hostile },
);

scenario(
  '7 the pages of hostile items are inert, with and without the map',
  async (stage) => {
    const server = await hostile();
    const features = [...(await everything(server, 'actors')), ...(await everything(server, 'events'))];
    for (const { id } of features.filter(({ properties }) => properties.theme === 'culture')) {
      const collection = id.startsWith('event:') ? 'events' : 'actors';
      const response = await stage.goto(`/collections/${collection}/items/${encodeURIComponent(id)}?f=html`, {
        map: false,
      });
      assert.equal(response.status(), 200, id);
      await assertInert(stage, `page of ${id}`);
    }
  },
  { server: hostile },
);
