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
  const canvas = await stage.page.locator('.maplibregl-canvas').boundingBox();
  assert.ok(canvas.width > 250 && canvas.height > 200, `the map is ${canvas.width} by ${canvas.height}`);
  assert.ok(canvas.x >= 0 && canvas.x + canvas.width <= SHEET.width + 1 && canvas.height < SHEET.height);
  assert.deepEqual(await cut(stage), []);
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
    const rows = await stage.page.locator(row).count();
    await onPaper(stage);
    await eventually('all are shown', async () => {
      assert.equal((await shown(stage, row)).length, rows);
      assert.deepEqual(await shown(stage, view === 'list' ? PRESSED : `${PRESSED}, .map`), []);
      return true;
    });
    assert.deepEqual(await cut(stage), []);
    const last = await stage.page.locator(row).last().boundingBox();
    const page = await stage.page.evaluate(() => document.documentElement.scrollHeight);
    assert.ok(last.height > 10 && last.y + last.height <= page, 'the last row is on a sheet');
    await stage.shot(`print-${view}`, { fullPage: true });
  });
