// Pictures to be looked at: the views that people open, at three sizes, light and dark; of another edition with E2E_DATA.
// What no eye is needed for is checked: nothing runs over the window, nothing on the map covers another thing.
import assert from 'node:assert/strict';
import { json } from '../lib/api.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { DESK, PHONE, TABLET } from '../lib/stage.mjs';
import { measured } from '../lib/world.mjs';

const SIZES = { 1440: DESK, 768: TABLET, 390: PHONE };
/** Days that a window of time has. */
const WINDOW = 60;
/** What stands on the map, each alone. */
const ON_MAP =
  '.map-legend, .legend-open, .zoom, .jumps .chip, .maplibregl-ctrl-attrib, .maplibregl-ctrl-scale';

const DAY_MS = 86_400_000;
const dayAfter = (day, days) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** The commune with the most events, and the days in which it has the most of them. */
async function liveliest() {
  const server = await measured();
  const ask = async (query) => (await json(server, `/collections/events/aggregate?${query}`)).values;
  const [commune] = await ask('by=municipality');
  const days = await ask(`by=day&within=${commune.value}`);
  const inWindow = (from) =>
    days
      .filter(({ value }) => value >= from && value <= dayAfter(from, WINDOW - 1))
      .reduce((sum, { count }) => sum + count, 0);
  const from = days.map(({ value }) => value).reduce((a, b) => (inWindow(b) > inWindow(a) ? b : a));
  return { unit: commune.value, from, to: dayAfter(from, WINDOW - 1) };
}

const events = async (more) => {
  const { unit, from, to } = await liveliest();
  return `/?unit=${unit}&from=${from}&to=${to}&list=events${more}`;
};

const MAPS = {
  territory: () => '/',
  themes: () => '/?theme=food,energy',
  events: () => events('&view=list'),
  agenda: () => events('&view=agenda'),
};
const PAGES = {
  'page-unit': async () => `/admin-units/${(await liveliest()).unit}?f=html`,
  'page-list': async () => `/collections/actors/items?f=html&theme=food&limit=20`,
};

/** What two things on the map have of one another, in square pixels; as names. */
const covered = (stage) =>
  stage.page.evaluate((which) => {
    const boxes = [...document.querySelectorAll(which)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .map((element) => ({ name: element.className, box: element.getBoundingClientRect() }));
    const shared = ({ box: a }, { box: b }) =>
      Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
      Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
    return boxes.flatMap((one, at) =>
      boxes
        .slice(at + 1)
        .filter((other) => shared(one, other) > 4)
        .map((other) => `${one.name} and ${other.name}`),
    );
  }, ON_MAP);

const isWithin = async (stage, name) => {
  const { wide, width } = await stage.page.evaluate(() => ({
    wide: document.scrollingElement.scrollWidth,
    width: innerWidth,
  }));
  assert.ok(wide <= width, `${name}: ${wide} pixels wide in a window of ${width}`);
};

for (const colorScheme of ['light', 'dark'])
  for (const [width, viewport] of Object.entries(SIZES))
    scenario(
      `gallery: ${width} pixels, ${colorScheme}`,
      async (stage) => {
        const picture = (name) => stage.shot(`gallery-${name}-${width}-${colorScheme}`);
        for (const [name, path] of Object.entries(MAPS)) {
          await stage.page.goto('about:blank');
          await stage.goto(await path());
          if (name === 'events')
            await eventually('events', async () => (await stage.page.locator('.rows > li').count()) > 0);
          if (name === 'agenda')
            await eventually('days', async () => (await stage.page.locator('.day').count()) > 0);
          await picture(name);
          await isWithin(stage, name);
          if (name === 'agenda') continue;
          await stage.map.assertPainted();
          assert.deepEqual(await covered(stage), [], name);
        }
        for (const [name, path] of Object.entries(PAGES)) {
          await stage.goto(await path(), { map: false });
          await picture(name);
          await isWithin(stage, name);
        }
      },
      { server: measured, viewport, colorScheme, hasTouch: viewport === PHONE },
    );
