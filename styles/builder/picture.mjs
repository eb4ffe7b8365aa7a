// styles/picture.png: what other sites show beside a link to ours, where the operator has no picture of their own. Communes
// that are nowhere, coloured as by a count, with the markers of the themes around our sign: it tells of no territory.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { marker, SIZE, styles, themes } from './markers.mjs';

const [WIDTH, HEIGHT] = [1200, 630];
const [COLUMNS, ROWS] = [12, 6];
/** The classes of a count, from few to many: as in web/src/map/overlays.ts. */
const CLASSES = ['#E4EEF3', '#C2DCE8', '#8FC0D6', '#5599B9'];
const LINES = { thin: '#9A9AA8', strong: '#4B4B57' };
const SIGN = 216;

/** The same numbers on every run (mulberry32), from 0 to 1. */
let seed = 974;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/** Corners of the communes: a grid pushed about, wider than the picture. */
const [stepX, stepY] = [WIDTH / (COLUMNS - 1), HEIGHT / (ROWS - 1)];
const corners = Array.from({ length: ROWS + 1 }, (_, j) =>
  Array.from({ length: COLUMNS + 1 }, (_, i) => [
    Math.round((i - 0.5 + (random() - 0.5) * 0.7) * stepX),
    Math.round((j - 0.5 + (random() - 0.5) * 0.7) * stepY),
  ]),
);
/** An edge with a bend, the same from both sides. */
const bends = new Map();
function edge(a, b) {
  const key = [a, b].map(String).sort().join();
  if (!bends.has(key)) {
    const shift = () => Math.round((random() - 0.5) * 34);
    bends.set(key, [(a[0] + b[0]) / 2 + shift(), (a[1] + b[1]) / 2 + shift()].map(Math.round));
  }
  return [bends.get(key), b];
}
const corner = (i, j) => corners[j][i];
const line = (points) => `M${points.map((point) => point.join(' ')).join('L')}`;

const communes = [];
for (let j = 0; j < ROWS; j++) {
  for (let i = 0; i < COLUMNS; i++) {
    const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
    const ring = [a, ...edge(a, b), ...edge(b, c), ...edge(c, d), ...edge(d, a)];
    const middle = [0, 1].map((axis) => (a[axis] + b[axis] + c[axis] + d[axis]) / 4);
    const far = Math.hypot((middle[0] - WIDTH / 2) / WIDTH, (middle[1] - HEIGHT / 2) / HEIGHT);
    const of = Math.min(3, Math.max(0, Math.round(3.2 - far * 6.5 + (random() - 0.5) * 1.6)));
    communes.push({ ring, colour: CLASSES[of] });
  }
}
/** The border of a department: from edge to edge through the corners of a column and of a row. */
const across = (points) => line([points[0], ...points.slice(1).flatMap((point, at) => edge(points[at], point))]);
const borders = [
  across(corners.map((row) => row[4])),
  across(corners.map((row) => row[9])),
  across(corners[4].slice(0, 5)),
  across(corners[2].slice(9)),
];

/** Around the sign, three to a side above and below, in two rings. */
const places = themes.map((_, at) => {
  const angle = ((at + 0.5) / themes.length) * 2 * Math.PI;
  const far = at % 2 === 0 ? 1 : 0.74;
  return [WIDTH / 2 + Math.cos(angle) * 480 * far, HEIGHT / 2 + Math.sin(angle) * 255 * far];
});
const SCALE = 3;
const markers = themes.map((theme, at) => {
  const [x, y] = places[at].map((n) => Math.round(n - (SIZE * SCALE) / 2));
  return `<g transform="translate(${x} ${y}) scale(${SCALE})">${marker(at % 3 === 2 ? 'event' : 'actor', theme)}</g>`;
});

const sign = readFileSync(resolve(styles, '../web/src/icon.svg'), 'utf8').replace(/^<svg[^>]*>|<\/svg>\s*$/g, '');
const [left, top] = [(WIDTH - SIGN) / 2, (HEIGHT - SIGN) / 2];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" stroke-linejoin="round">
${communes.map(({ ring, colour }) => `<path d="${line(ring)}Z" fill="${colour}" stroke="${LINES.thin}" stroke-width="1.5"/>`).join('')}
${borders.map((d) => `<path d="${d}" fill="none" stroke="${LINES.strong}" stroke-width="3.5"/>`).join('')}
${markers.join('')}
<rect x="${left - 10}" y="${top - 10}" width="${SIGN + 20}" height="${SIGN + 20}" rx="62" fill="#fff"/>
<g transform="translate(${left} ${top}) scale(${SIGN / 32})">${sign}</g>
</svg>`;
writeFileSync(resolve(styles, 'picture.png'), new Resvg(svg).render().asPng());
