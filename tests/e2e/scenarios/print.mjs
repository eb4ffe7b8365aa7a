// Scenario 29: on paper.
import assert from 'node:assert/strict';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { DESK, PHONE } from '../lib/stage.mjs';

/** A sheet of A4 within its margins, at 96 pixels an inch. */
const SHEET = { width: 703, height: 1032 };
const PRESSED =
  '.search, .tools, .views, [role=tablist], .zoom, .timeline, .pick, select, input, summary, .notices';

const shown = (stage, selector) =>
  stage.page.evaluate(
    (which) =>
      [...document.querySelectorAll(which)]
        .filter((element) => element.checkVisibility() && element.getClientRects().length > 0)
        .map((element) => `${element.tagName}.${element.className}`),
    selector,
  );

/** What reaches over the sheet's edge, or is cut by a box around it. */
const cut = (stage) =>
  stage.page.evaluate(() => {
    const wide = document.documentElement.clientWidth + 1;
    const name = (element) => `${element.tagName}.${element.className}`;
    return [...document.querySelectorAll('#app *')]
      .filter(
        (element) => element.checkVisibility() && !element.closest('.unseen, .maplibregl-canvas-container'),
      )
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const clips = getComputedStyle(element).overflowY !== 'visible';
        return (
          box.right > wide || (clips && box.height > 2 && element.scrollHeight > element.clientHeight + 2)
        );
      })
      .map(name);
  });

/**
 * Which rows take no place or end below the page. Asked at one moment: a map of another size has another view,
 * and the list, which tells what is in view, is asked for anew.
 */
const offTheSheet = (stage, selector) =>
  stage.page.evaluate((which) => {
    const rows = [...document.querySelectorAll(which)];
    const page = document.documentElement;
    const end = page.scrollHeight + 1; // which is rounded
    const bottom = (row) => row.getBoundingClientRect().bottom - page.getBoundingClientRect().top;
    return {
      rows: rows.length,
      hidden: rows
        .filter((row) => !row.checkVisibility() || row.getBoundingClientRect().height <= 10)
        .map((row) => row.textContent),
      past: rows
        .filter((row) => bottom(row) > end)
        .map((row) => `${row.textContent}: ${bottom(row)} of ${end}`),
    };
  }, selector);

/** What a list that goes on says of itself on paper, and what it should. */
async function beginning(stage, rows) {
  const said = await shown(stage, '.paper-only');
  const all = Number.parseInt(await stage.page.locator('.in-view, #table-title').first().innerText(), 10);
  assert.ok(all > rows, `${rows} of ${all}: this has no more`);
  assert.equal(said.length, 1);
  return [await stage.page.locator('.paper-only').innerText(), `${rows} lignes sur ${all}`];
}

async function onPaper(stage) {
  await stage.page.emulateMedia({ media: 'print' });
  await stage.page.setViewportSize(SHEET);
}

async function printsTheMap(stage) {
  await stage.goto('/?theme=food,energy');
  const legend = stage.page.locator('.map-legend'); // which a phone has folded
  await eventually('the legend', async () => /Couleur par interco/.test(await legend.textContent()));
  await stage.pdf('print');
  await onPaper(stage);
  await eventually('nothing to press', async () => {
    assert.deepEqual(await shown(stage, PRESSED), []);
    return true;
  });
  const text = await stage.text();
  for (const part of [
    'La Réunion',
    'Acteurs, événements, limites',
    'Couleur par intercommunalité',
    'Alimentation',
    'Énergie, climat',
    'Natural Earth',
    'INSEE',
    'Édition',
  ])
    assert.ok(text.includes(part), part);
  for (const which of [
    '.top h1',
    '.map-legend .swatch',
    '.maplibregl-ctrl-attrib-inner',
    '.chips .chip',
    '.themes',
  ])
    assert.ok((await shown(stage, which)).length > 0, which);
  await eventually('the map is of the size of the sheet', async () => {
    const { x, width, height } = await stage.page.locator('.maplibregl-canvas').boundingBox();
    const fits = x >= 0 && x + width <= SHEET.width + 1 && height < SHEET.height;
    assert.ok(fits && width > 250 && height > 200, `the map is ${width} by ${height}, at ${x}`);
    assert.deepEqual(await cut(stage), []);
    return true;
  });
  await stage.map.assertPainted();
}

scenario('29 the map on paper: title, legend and sources, nothing to press, nothing cut', async (stage) => {
  await printsTheMap(stage);
  await stage.shot('print', { fullPage: true });
  await stage.page.emulateMedia({ media: null });
  await stage.page.setViewportSize(DESK);
  await eventually('the page is as it was', async () => (await shown(stage, '.search, .zoom')).length > 1);
  await stage.map.rests();
});

scenario('29 the map on paper, from a phone in the dark', printsTheMap, {
  viewport: PHONE,
  hasTouch: true,
  colorScheme: 'dark',
});

for (const [view, row] of [
  ['list', '.rows > li'],
  ['table', 'tbody tr'],
  ['agenda', '.day li'],
])
  scenario(`29 on paper every row of the ${view} is there`, async (stage) => {
    await stage.goto(`/?theme=food&view=${view}`);
    await eventually('rows', async () => (await stage.page.locator(row).count()) > 10);
    await stage.pdf(`print-${view}`);
    await onPaper(stage);
    await eventually('all are shown', async () => {
      assert.deepEqual(await shown(stage, view === 'list' ? PRESSED : `${PRESSED}, .map`), []);
      const { rows, hidden, past } = await offTheSheet(stage, row);
      assert.ok(rows > 10, `${rows} rows`);
      assert.deepEqual({ hidden, past }, { hidden: [], past: [] });
      if (view !== 'agenda') assert.equal(...(await beginning(stage, rows)));
      assert.deepEqual(await cut(stage), []);
      return true;
    });
    await stage.shot(`print-${view}`, { fullPage: true });
  });
