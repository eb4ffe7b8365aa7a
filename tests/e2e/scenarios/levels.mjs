// Scenario 2, all six levels: La Réunion has no quarters in the official data, so here is a small country that has.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { osmFile } from '../lib/osm.mjs';
import { MapPage } from '../lib/page.mjs';
import { OUT } from '../lib/paths.mjs';
import { eventually } from '../lib/poll.mjs';
import { freshData, ingest, start } from '../lib/program.mjs';
import { scenario } from '../lib/scenario.mjs';

const area = (level, name, more, box) => ({
  tags: { type: 'boundary', boundary: 'administrative', admin_level: level, name, ...more },
  box,
});
const epci = (name, siren, box) => ({
  tags: {
    type: 'boundary',
    boundary: 'local_authority',
    'local_authority:FR': 'CC',
    'ref:FR:SIREN': siren,
    name,
  },
  box,
});

/** Each level has two units side by side; the ones in the west hold all that is below them. */
const UNITS = [
  area('2', 'France', { 'ISO3166-1': 'FR' }, [0, 0, 6, 2]),
  area('4', 'Centre-Val de Loire', { 'ref:INSEE': '24' }, [0, 0, 5, 2]),
  area('4', 'Normandie', { 'ref:INSEE': '28' }, [5, 0, 6, 2]),
  area('6', 'Indre', { 'ref:INSEE': '36' }, [0, 0, 4, 2]),
  area('6', 'Cher', { 'ref:INSEE': '18' }, [4, 0, 5, 2]),
  epci('Communauté de communes de la Brenne', '200000016', [0, 0, 3, 2]),
  epci('Communauté de communes du Berry', '200000024', [3, 0, 4, 2]),
  area('8', 'Mézières', { 'ref:INSEE': '36123' }, [0, 0, 2, 2]),
  area('8', 'Rosnay', { 'ref:INSEE': '36173' }, [2, 0, 3, 2]),
  area('10', 'Le Bourg', {}, [0, 0, 2, 1]),
  area('10', 'Les Étangs', {}, [0, 1, 2, 2]),
];

const CONFIG = `id = "levels"
title = { fr = "Six niveaux", en = "Six levels" }
countries = ["FR"]
window = { from = "2026-01-01", to = "2027-01-01" }
start = { lon = 1.3, lat = 46.8, zoom = 8 }

[[source]]
id = "boundaries"
reader = "osm-pbf"
path = "levels.osm.pbf"
producer = "Parvis (tests)"
licence = "CC0-1.0"
`;

async function sixLevels() {
  const folder = join(OUT, 'levels');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'levels.osm.pbf'), osmFile(UNITS, { origin: [1, 46.7], step: 0.1 }));
  writeFileSync(join(folder, 'levels.toml'), CONFIG);
  const data = freshData('levels');
  await ingest(join(folder, 'levels.toml'), data);
  return start('serve', data);
}

const DOWN = ['Centre-Val de Loire', 'Indre', 'CC de la Brenne', 'Mézières', 'Les Étangs'];

scenario(
  '2 from the country to a quarter and up again, every level with those beside it',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    await page.crumbs().locator('li.below').waitFor();
    for (const [at, name] of DOWN.entries()) {
      await page.crumbs().locator('li.below').getByRole('button').click();
      await stage.page.getByRole('dialog').getByRole('link', { name }).click();
      await eventually(`${name} is the perimeter`, async () => (await page.way()).at(-1) === name);
      assert.deepEqual(await page.way(), ['France', ...DOWN.slice(0, at + 1)]);
    }
    assert.match(page.query().get('unit'), /^neighbourhood:/);
    assert.equal(await page.crumbs().locator('li.below').count(), 0, 'nothing is below a quarter');
    await eventually(
      'the quarter is drawn',
      async () => (await stage.map.drawn('neighbourhoods')).length > 0,
    );
    await stage.map.rests();
    await stage.shot('six-levels');
    await page.crumbs().getByRole('button', { name: 'Changer de quartier' }).click();
    await stage.page.getByRole('dialog').getByRole('link', { name: 'Le Bourg' }).click();
    await eventually('the quarter beside it', async () => (await page.way()).at(-1) === 'Le Bourg');
    for (const name of [...DOWN.slice(0, -1).reverse(), 'France']) {
      await page.crumbs().getByRole('link', { name }).click();
      await eventually(`${name} again`, async () => (await page.way()).at(-1) === name);
    }
  },
  { server: sixLevels },
);
