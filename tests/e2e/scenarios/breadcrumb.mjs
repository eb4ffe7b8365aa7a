// Scenario 2: down the levels and up again.
import assert from 'node:assert/strict';
import { count, json } from '../lib/api.mjs';
import { focused, tabTo } from '../lib/keys.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

/** What the page must say of a perimeter: the address, the title, the counts of the API, a map that shows it whole. */
async function isPerimeter(stage, page, unit) {
  const server = await reunion();
  await page.address('unit', unit.id);
  const here = page.crumbs().locator('[aria-current=location]');
  await eventually(`the breadcrumb ends in ${unit.id}`, async () =>
    (await here.getAttribute('href')).includes(`unit=${unit.id}`),
  );
  // an intercommunality is told with its legal form made short: CA, CC
  const name = (await here.locator('.crumb-name').innerText()).replace(/^C[AC] /, '');
  assert.ok(unit.name.endsWith(name), `${name} for ${unit.name}`);
  await eventually(`the title names ${name}`, async () => (await stage.page.title()).includes(name));
  for (const collection of ['actors', 'events']) {
    await page.tells(collection, await count(server, collection, `within=${unit.id}`));
  }
  const [west, south, east, north] = unit.bbox;
  const slack = 0.01;
  await eventually('the map shows it whole', async () => {
    const box = await stage.page.evaluate(() => window.__map.getBounds().toArray().flat());
    assert.ok(
      box[0] < west + slack && box[1] < south + slack && box[2] > east - slack && box[3] > north - slack,
      `${unit.name} is not whole in ${box}`,
    );
    return true;
  });
  await stage.map.rests();
}

/** A commune and the units above it, strongest first. La Réunion has no quarters in the sample. */
async function ladder() {
  const { unit, units } = await json(await reunion(), '/admin-units/municipality:97411/ancestors');
  return [...units, unit];
}

scenario('2 down the levels by click, and up again: address, title, counts, map', async (stage) => {
  const page = new MapPage(stage);
  await stage.goto('/');
  await page.crumbs().locator('[aria-current=location]').waitFor();
  const start = (await page.way()).at(-1);
  const units = await ladder();
  // the region and the department have one name, and one territory: the start is the last of them
  const below = units.slice(units.findLastIndex(({ name }) => name === start) + 1);
  assert.ok(below.length >= 2, `no way down from ${start}`);
  for (const unit of below) {
    await page.crumbs().locator('li.below').getByRole('button').click();
    await page.page.getByRole('dialog').locator(`a[href*="unit=${unit.id}"]`).click();
    await isPerimeter(stage, page, unit);
  }
  await stage.shot('breadcrumb');
  const up = below.at(-2);
  await page.crumbs().locator(`li > a[href*="unit=${up.id}"]`).click();
  await isPerimeter(stage, page, up);
  await page.crumbs().getByRole('link').first().click();
  await eventually('the country is the perimeter', async () => (await page.way()).length === 1);
});

scenario('2 a unit is changed for one beside it', async (stage) => {
  const page = new MapPage(stage);
  await stage.goto('/?unit=municipality:97411');
  await page.crumbs().getByRole('button', { name: 'Changer de commune' }).click();
  await page.page
    .getByRole('dialog')
    .getByRole('link', { name: /Sainte-Marie/ })
    .click();
  await page.address('unit', 'municipality:97418');
  await eventually('the breadcrumb names it', async () => (await page.way()).at(-1) === 'Sainte-Marie');
});

scenario('2 by keyboard alone: down to a commune, and up again', async (stage) => {
  const page = new MapPage(stage);
  const { keyboard } = stage.page;
  await stage.goto('/');
  await page.crumbs().locator('li.below').waitFor();
  const before = (await page.way()).length;
  await tabTo(stage.page, ({ name }) => /^Choisir/.test(name));
  await keyboard.press('Enter');
  const first = await eventually('the list has the focus', async () => {
    const here = await focused(stage.page);
    return (here.tag === 'a' || here.tag === 'input') && here;
  });
  await keyboard.press('ArrowDown');
  await eventually('an arrow walks on', async () => (await focused(stage.page)).name !== first.name);
  await keyboard.press('Enter');
  await eventually('one level more', async () => (await page.way()).length === before + 1);
  const { name } = await tabTo(stage.page, ({ tag }) => tag === 'a', { key: 'Shift+Tab' });
  assert.ok(name.length > 0);
  await page.crumbs().getByRole('link').first().focus();
  await keyboard.press('Enter');
  await eventually('up again', async () => (await page.way()).length <= before);
});
