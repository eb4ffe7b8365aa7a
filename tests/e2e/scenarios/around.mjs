// Around me: a place, a radius, and the nearest first.
import assert from 'node:assert/strict';
import { count, everything, json } from '../lib/api.mjs';
import { digits, MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

/** In Saint-Pierre. */
const HERE = { longitude: 55.4781, latitude: -21.3393 };
const NEAR = `near=${HERE.longitude},${HERE.latitude}`;
const granted = { geolocation: HERE, permissions: ['geolocation'] };
const NEAREST = 20;

/** The names of a collection around the place, nearest first, as the API has them. */
async function nearest(collection, radius) {
  const query = `${NEAR}&radius=${radius}&sortby=distance&limit=${NEAREST}`;
  const { features, numberMatched } = await json(
    await reunion(),
    `/collections/${collection}/items?${query}`,
  );
  return { names: features.map(({ properties }) => properties.name), numberMatched };
}

/** Metres, as a row tells them: `≈ 1,2 km · Lieu`. */
function metresOf(text) {
  const [, number, unit] = /(\d[\d\s\u202f]*(?:[.,]\d+)?)[\s\u202f]*(k?m)\b/.exec(text) ?? [];
  return Number(number?.replace(/\s/g, '').replace(',', '.')) * (unit === 'km' ? 1000 : 1);
}

const names = (page) => page.rows().locator('.row-name').allTextContents();

async function listIs(page, expected) {
  await eventually('the list is the nearest first', async () => {
    assert.deepEqual((await names(page)).slice(0, NEAREST), expected);
    return true;
  });
}

const unfold = (page) => page.page.locator('summary').filter({ hasText: 'Autour de moi' }).click();

scenario(
  'around me: what is within the radius, the nearest first, each with its distance',
  async (stage) => {
    const page = new MapPage(stage);
    const server = await reunion();
    await stage.goto('/');
    await unfold(page);
    await stage.page.getByRole('button', { name: 'Ma position' }).click();
    await page.address('near', `${HERE.longitude},${HERE.latitude}`);
    await page.address('sort', 'distance');
    assert.equal(page.query().get('radius'), '5000');
    const actors = await nearest('actors', 5_000);
    assert.ok(actors.numberMatched > 5, 'the place has something around it');
    await page.tells('actors', actors.numberMatched);
    await page.tells('events', await count(server, 'events', `${NEAR}&radius=5000`));
    await page
      .chips()
      .getByRole('button', { name: /^Retirer le filtre À moins de 5\s*km/ })
      .waitFor();

    await page.openTab(/^Liste/);
    await listIs(page, actors.names);
    const told = await page.rows().locator('.row-more').allTextContents();
    const metres = told.map(metresOf);
    assert.ok(
      metres.every((far) => far <= 5_000 * 1.006),
      told.join('\n'),
    );
    // a row tells them rounded, and on a sphere
    for (const [at, far] of metres.entries())
      assert.ok(at === 0 || far >= metres[at - 1] * 0.99 - 60, told.join('\n'));
    const [inView, all] = (await page.panel().locator('.in-view').innerText()).split('sur').map(digits);
    assert.deepEqual([inView, all], [actors.numberMatched, actors.numberMatched]);
    await stage.map.rests();
    await stage.shot('around');

    await page
      .panel()
      .getByRole('button', { name: /^Événements/ })
      .click();
    await listIs(page, (await nearest('events', 5_000)).names);
  },
  granted,
);

scenario(
  'around me: the radius and the order by keyboard; everything off again',
  async (stage) => {
    const page = new MapPage(stage);
    const server = await reunion();
    await stage.goto(`/?${NEAR}&radius=5000`);
    const slider = stage.page.getByRole('slider', { name: 'Rayon' });
    await slider.press('ArrowRight');
    await page.address('radius', '10000');
    await page.tells('actors', await count(server, 'actors', `${NEAR}&radius=10000`));

    await page.openTab(/^Liste/);
    const order = page.panel().getByLabel('Tri');
    await order.waitFor();
    assert.deepEqual(await order.locator('option').allInnerTexts(), [
      'Ordre des données',
      'Par nom',
      'Par distance',
    ]);
    await order.press('End');
    await page.address('sort', 'distance');
    await listIs(page, (await nearest('actors', 10_000)).names);
    await order.press('ArrowUp');
    await page.address('sort', 'name');
    await eventually('by name', async () => {
      const found = await names(page);
      const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
      assert.ok(found.length > 5);
      assert.deepEqual(found.map(fold), found.map(fold).sort());
      return true;
    });
    await order.press('End');
    await page.address('sort', 'distance');

    await stage.page.goto(`${stage.page.url().replace('view=list', 'view=table')}`);
    const column = stage.page.getByRole('columnheader', { name: 'Distance' });
    await column.waitFor();
    assert.equal(await column.getAttribute('aria-sort'), 'ascending');

    await page.chips().getByRole('button', { name: 'Tout effacer' }).click();
    await page.address('near', null);
    await page.address('sort', null);
    await eventually('no distances any more', async () => (await column.count()) === 0);
    await stage.page.getByRole('button', { name: 'Carte', exact: true }).click();
    await page.tells('actors', (await everything(server, 'actors')).length);
  },
  granted,
);

scenario(
  'around me: without a position there is a message, and the middle of the map instead',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/#map=13/-21.3393/55.4781');
    await unfold(page);
    await stage.page.getByRole('button', { name: 'Ma position' }).click();
    await eventually('it is told', async () => /position n’a pas pu/.test(await page.alert().innerText()));
    assert.equal(page.query().get('near'), null);
    await page.tells('actors', (await everything(await reunion(), 'actors')).length);
    await page.alert().getByRole('button', { name: 'Fermer' }).click();
    await stage.page.getByRole('button', { name: 'Centre de la carte' }).click();
    await page.address('near', '55.4781,-21.3393');
    await page.tells('actors', await count(await reunion(), 'actors', `${NEAR}&radius=5000`));
  },
);

scenario(
  'around me, in English',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto(`/?${NEAR}&radius=5000&view=list&sort=distance`);
    const list = stage.page.locator('ol.rows > li');
    await eventually('rows', async () => (await list.count()) > 5);
    assert.match(await list.first().locator('.row-more').innerText(), /^(≈ )?\d+(\.\d)? k?m · /);
    assert.equal(await stage.page.getByLabel('Sort').locator('option:checked').innerText(), 'By distance');
    assert.equal(await page.query().get('sort'), 'distance');
  },
  { lang: 'en' },
);
