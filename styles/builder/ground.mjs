// styles/ground.geojson: land and borders of the world from Natural Earth 1:50 m (public domain), to a hundredth of a
// degree: the ground around a territory, where no other basemap is.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { feature, mesh } from 'topojson-client';
import { presimplify, simplify } from 'topojson-simplify';

const styles = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const whole = JSON.parse(readFileSync(resolve(styles, 'builder/node_modules/world-atlas/countries-50m.json'), 'utf8'));

/** Square degrees of the triangle of a vertex and its neighbours, below which it goes (Visvalingam). */
const LEAST = 0.013;
/** Steps a degree. */
const STEPS = 20;
/** Square degrees below which an island is left out. */
const SMALLEST = 0.05;

const atlas = simplify(presimplify(whole), LEAST);

const round = ([x, y]) => [Math.round(x * STEPS) / STEPS, Math.round(y * STEPS) / STEPS];

/** Vertices in steps, without those that fall together or lie on the line between their neighbours. */
function thin(line) {
  const out = [];
  for (const point of line.map(round)) {
    const last = out.at(-1);
    if (last && last[0] === point[0] && last[1] === point[1]) continue;
    const before = out.at(-2);
    if (before && (last[0] - before[0]) * (point[1] - before[1]) === (point[0] - before[0]) * (last[1] - before[1])) out.pop();
    out.push(point);
  }
  return out;
}

const area = (ring) =>
  Math.abs(ring.reduce((sum, [x, y], i) => sum + x * ring[(i + 1) % ring.length][1] - ring[(i + 1) % ring.length][0] * y, 0)) / 2;

const land = feature(atlas, atlas.objects.land).features.flatMap(({ geometry }) => geometry.coordinates);
const polygons = land
  .map((polygon) => polygon.map(thin).filter((ring) => ring.length > 3 && area(ring) >= SMALLEST))
  .filter((polygon) => polygon.length > 0);
const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b)
  .coordinates.map(thin)
  .filter((line) => line.length > 1);

const out = {
  type: 'FeatureCollection',
  attribution: 'Natural Earth',
  features: [
    { type: 'Feature', properties: { kind: 'land' }, geometry: { type: 'MultiPolygon', coordinates: polygons } },
    { type: 'Feature', properties: { kind: 'border' }, geometry: { type: 'MultiLineString', coordinates: borders } },
  ],
};
writeFileSync(resolve(styles, 'ground.geojson'), `${JSON.stringify(out)}\n`);
