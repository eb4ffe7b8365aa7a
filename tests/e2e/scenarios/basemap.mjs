// Scenario 25, the operator's own ground: a PMTiles file, a style of another server; and what happens when they are broken.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { host } from '../lib/others.mjs';
import { MapPage } from '../lib/page.mjs';
import { OUT } from '../lib/paths.mjs';
import { archive } from '../lib/pmtiles.mjs';
import { eventually } from '../lib/poll.mjs';
import { start } from '../lib/program.mjs';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

const FAILED_REQUEST = /^(?!uncaught)/;
const FILE = archive({ attribution: 'Ponts et chaussées', motorwayAt: -21.1 });

/** La Réunion over a ground. */
async function over(basemap) {
  await reunion();
  return start('serve', join(OUT, 'data/reunion'), '--basemap', basemap);
}

function written(name, bytes) {
  mkdirSync(join(OUT, 'data'), { recursive: true });
  const path = join(OUT, 'data', name);
  writeFileSync(path, bytes);
  return path;
}

/** Runs a scenario on a service over a ground; `origins` are other servers that it asks. */
function overGround(title, make, body) {
  const own = async () => {
    const { basemap, origins } = await make();
    return { server: await over(basemap), origins };
  };
  scenario(title, (stage) => body(stage, new MapPage(stage)), { own });
}

const assertDataDrawn = async (stage) => {
  await stage.map.assertPainted();
  const points = await stage.map.drawn('actors', 'actor_clusters', 'events', 'event_clusters');
  assert.ok(points.length > 0, 'no point is drawn');
  assert.ok((await stage.map.drawn('boundary_lines')).length > 0, 'no boundary is drawn');
};

overGround(
  '25 a PMTiles file as the ground: drawn under the boundaries, from our own server, its makers named',
  async () => ({ basemap: written('ground.pmtiles', FILE) }),
  async (stage) => {
    await stage.goto('/#map=10/-21.1/55.5');
    const ground = new Set((await stage.map.drawn('water', 'roads')).map(({ layer }) => layer));
    assert.deepEqual([...ground].sort(), ['basemap-major-casing', 'basemap-water']);
    await assertDataDrawn(stage);
    assert.match(await stage.text(), /Ponts et chaussées/);
    await stage.shot('basemap');
  },
);

overGround(
  '25 a ground whose tiles are dead: a message, and the data',
  async () => ({ basemap: written('ground.pmtiles', FILE) }),
  async (stage, page) => {
    stage.allow(FAILED_REQUEST);
    await stage.page.route(/\/basemap\/\d+\//, (route) => route.fulfill({ status: 500, body: '{}' }));
    await stage.goto('/');
    await eventually('it is told', async () => /fond de carte/i.test(await page.alert().innerText()));
    await assertDataDrawn(stage);
  },
);

overGround(
  '25 a style of another server that answers no style: a message, our own ground, and the data',
  async () => {
    const other = await host('no style');
    return { basemap: `${other.url}/style.json`, origins: [other.url] };
  },
  async (stage, page) => {
    stage.allow(FAILED_REQUEST);
    await stage.goto('/');
    await eventually('it is told', async () => /fond de carte/i.test(await page.alert().innerText()));
    await assertDataDrawn(stage);
    assert.ok(await stage.page.evaluate(() => Boolean(window.__map.getSource('ground'))), 'no ground');
  },
);

scenario('25 a file that is no ground: the program says which and does not start', async (stage) => {
  for (const [name, bytes] of [
    ['cut.pmtiles', FILE.subarray(0, 150)],
    ['other.pmtiles', Buffer.from('not an archive')],
  ]) {
    const path = written(name, bytes);
    await assert.rejects(
      over(path),
      (error) => error.message.includes(name) && /ended \(1\)/.test(error.message),
    );
  }
  await stage.goto('/');
});
