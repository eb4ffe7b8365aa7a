// Scenario 28 and the budgets of the page: bytes, requests, features, tasks.
import assert from 'node:assert/strict';
import { gzipBytes } from '../lib/api.mjs';
import { budget } from '../lib/budget.mjs';
import { scenario } from '../lib/scenario.mjs';
import { measured } from '../lib/world.mjs';

const KB = 1_000;
const SAINT_DENIS = [55.4504, -20.8789];
const PARIS = [2.3522, 48.8566];
const REQUEST_MOST = 500 * KB;
/** MapLibre, its worker and what is used of its style sheet are 443; ours the rest. */
const CODE_MOST = 490;
const DRAWN_MOST = 15_000;

scenario('28 the map page keeps its budgets', keepsBudgets, { server: measured });
scenario('28 at no zoom does the map draw too much or fetch too much', staysLight, { server: measured });

async function keepsBudgets(stage) {
  await stage.goto('/');
  const page = 'map';
  const transfers = await stage.weighed();
  const kinds = { script: 0, stylesheet: 0, font: 0 };
  let maplibre = 0;
  for (const url of new Set(transfers.map((one) => one.url))) {
    const kind = /\.m?js$/.test(new URL(url).pathname) ? 'script' : /\.css$/.test(url) ? 'stylesheet' : null;
    if (kind) kinds[kind] += await gzipBytes(url);
    if (/worker|view-.*js/.test(url)) maplibre += await gzipBytes(url);
  }
  kinds.font = transfers.filter(({ url }) => /\.woff2$/.test(url)).reduce((sum, { bytes }) => sum + bytes, 0);
  budget(page, 'scripts and styles, gzip', (kinds.script + kinds.stylesheet) / KB, 'kB', CODE_MOST);
  budget(page, 'of which MapLibre and its worker', maplibre / KB, 'kB');
  budget(page, 'fonts', kinds.font / KB, 'kB', 30);
  const style = transfers.find(({ url }) => /\/styles\/.*\.json/.test(url));
  if (style) budget(page, 'style, gzip', (await gzipBytes(style.url)) / KB, 'kB', 15);
  const tiles = transfers
    .filter(({ url }) => /\/tiles\/[^/]+\/\d+\//.test(url))
    .map(({ bytes }) => bytes)
    .sort((a, b) => a - b);
  budget(page, 'tiles', tiles.length, '');
  budget(page, 'tile, 95th percentile', (tiles[Math.floor(tiles.length * 0.95)] ?? 0) / KB, 'kB', 150);
  const largest = transfers.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  budget(
    page,
    `largest answer (${new URL(largest.url).pathname.split('/').at(-1)})`,
    largest.bytes / KB,
    'kB',
    REQUEST_MOST / KB,
  );
  budget(page, 'requests', transfers.length, '', 80);
  budget(page, 'all bytes on the wire', transfers.reduce((sum, { bytes }) => sum + bytes, 0) / KB, 'kB');
  budget(page, 'features drawn at the start', await stage.map.drawnCount(), '', DRAWN_MOST);
  const { firstIdle, longTasks, shift } = await stage.seen();
  budget(page, 'first rest of the map', firstIdle, 'ms');
  budget(page, 'long tasks until then: number', longTasks.length, '');
  budget(
    page,
    'long tasks until then: longest',
    Math.max(0, ...longTasks.map(({ duration }) => duration)),
    'ms',
  );
  budget(page, 'layout shift', Number(shift.toFixed(3)), '', 0.05);
}

async function staysLight(stage) {
  await stage.goto('/');
  const [lon, lat] = process.env.E2E_DATA ? PARIS : SAINT_DENIS;
  let most = 0;
  for (const zoom of [0, 5, 9, 12, 16]) {
    await stage.map.jumpTo(lon, lat, zoom);
    most = Math.max(most, await stage.map.drawnCount());
  }
  const transfers = await stage.weighed();
  const large = transfers.filter(({ bytes }) => bytes > REQUEST_MOST).map(({ url }) => url);
  assert.deepEqual(large, []);
  budget('map', 'features drawn at any zoom', most, '', DRAWN_MOST);
  budget(
    'map',
    'largest answer at any zoom',
    Math.max(...transfers.map(({ bytes }) => bytes)) / KB,
    'kB',
    REQUEST_MOST / KB,
  );
}
