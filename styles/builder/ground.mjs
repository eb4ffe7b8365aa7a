// styles/ground.geojson: land and borders of the world from Natural Earth 1:50 m (public domain), to a twentieth of a
// degree: the ground around a territory, where no other basemap is. Land is a feature a continent or island and country.
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

/** ISO 3166-1: 250 is FR; what has no number, as Kosovo, is of no country. */
const countryOf = ({ id }) => (id ? { country: new Intl.Locale(`und-${id}`).region } : {});
const land = feature(atlas, atlas.objects.countries).features.flatMap((country) => {
  const { type, coordinates } = country.geometry;
  const polygons = (type === 'Polygon' ? [coordinates] : coordinates)
    .map((polygon) => polygon.map(thin).filter((ring) => ring.length > 3 && area(ring) >= SMALLEST))
    .filter((polygon) => polygon.length > 0);
  const properties = { kind: 'land', ...countryOf(country) };
  return polygons.map((rings) => ({ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: rings } }));
});

const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b)
  .coordinates.map(thin)
  .filter((line) => line.length > 1);
const uses = new Map();
for (const point of borders.flatMap((line) => [...new Set(line.map(String))])) uses.set(point, (uses.get(point) ?? 0) + 1);
const isCoast = (point) => uses.get(String(point)) === 1;

/** How far a border stays from the sea where it is drawn wide, in kilometres: wider than it reaches to its sides. */
const INLAND_KM = 14;

/** A line without its first kilometres; what is left of it may be nothing. */
function without(km, line) {
  for (let at = 1, left = km; at < line.length; at++) {
    const [[x, y], [toX, toY]] = [line[at - 1], line[at]];
    const long = 111.2 * Math.hypot(toY - y, (toX - x) * Math.cos((y * Math.PI) / 180));
    if (long > left) {
      const cut = [x + ((toX - x) * left) / long, y + ((toY - y) * left) / long];
      return [cut.map((degrees) => Math.round(degrees * 100) / 100), ...line.slice(at)];
    }
    left -= long;
  }
  return [];
}
const fromCoast = (line) => (isCoast(line[0]) ? without(INLAND_KM, line) : line);
/** Borders as far as they may be drawn wide, and the ends that reach the sea. */
const inland = borders.map((line) => fromCoast(fromCoast(line).toReversed()).toReversed());
const ends = borders.flatMap((line, at) => {
  const kept = inland[at];
  if (kept.length === 0) return [line];
  const upTo = (whole, cut) => [...whole.slice(0, whole.length - cut.length + 1), cut[0]];
  const start = isCoast(line[0]) ? [upTo(line, kept)] : [];
  const end = isCoast(line.at(-1)) ? [upTo(line.toReversed(), kept.toReversed())] : [];
  return [...start, ...end];
});

const out = {
  type: 'FeatureCollection',
  attribution: 'Natural Earth',
  features: [
    ...land,
    ...[
      [{ kind: 'border', inland: true }, inland.filter((line) => line.length > 1)],
      [{ kind: 'border' }, ends],
    ].map(([properties, coordinates]) => ({
      type: 'Feature',
      properties,
      geometry: { type: 'MultiLineString', coordinates },
    })),
  ],
};
writeFileSync(resolve(styles, 'ground.geojson'), `${JSON.stringify(out)}\n`);
