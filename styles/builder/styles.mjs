// styles/*.json: one description, three styles. `make styles` writes them; nothing in them is edited by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const styles = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const themes = readFileSync(resolve(styles, '../data/themes.toml'), 'utf8')
  .split('[[theme]]')
  .slice(1)
  .map((block) => [block.match(/^code = "([^"]+)"/m)[1], block.match(/^colour = "([^"]+)"/m)[1]]);

/** Colours of each scheme. `boundaries` is `light` without what lies below the lines. */
const LIGHT = {
  sea: '#DCE5EA',
  land: '#F1EFE9',
  foreign: '#C3C2C0',
  ground: '#F6F3EC',
  groundFar: '#EBEDE8',
  halo: 'rgba(255,255,255,0.92)',
  ring: '#FFFFFF',
  edge: '#1D2530',
  noTheme: '#33475B',
  cluster: '#FFFFFF',
  eventCluster: '#FFF6DA',
  ink: '#1D2530',
  maritime: '#9DB3BF',
  lines: ['#4B4B57', '#5B5B6B', '#77778A', '#8A6FA8', '#9A9AA8', '#85859A'],
  labels: ['#3C3C47', '#4A4A59', '#5F5F72', '#55397A', '#3A3A46', '#6B6B78'],
};
const DARK = {
  sea: '#0F151B',
  land: '#191F26',
  foreign: '#38424D',
  ground: '#212932',
  groundFar: '#1F272F',
  halo: 'rgba(15,21,27,0.9)',
  ring: '#FFFFFF',
  edge: '#F3C94F',
  noTheme: '#6F8299',
  cluster: '#E9ECEF',
  eventCluster: '#FFF1C2',
  ink: '#1D2530',
  maritime: '#3F5361',
  lines: ['#B9C0CA', '#99A3B0', '#78838F', '#A78CC8', '#58636F', '#66717D'],
  labels: ['#E9ECEF', '#D3D9E0', '#BCC5CF', '#C9B3E4', '#DDE3EA', '#A9B3BE'],
};

const zoom = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];

/** The six levels: what their lines and labels are like. Widths and sizes by zoom. */
const LEVELS = [
  { name: 'countries', line: [0, zoom(0, 0.8, 2, 1.4, 6, 2.4)], label: [2, 5, zoom(2, 13, 5, 16), 'Bold'], caps: true },
  { name: 'regions', line: [3, zoom(3, 0.6, 4, 1, 8, 2.2)], label: [4.5, 7, zoom(4.5, 12, 7, 16), 'Bold'] },
  { name: 'departments', line: [5, zoom(5, 0.5, 6, 0.8, 10, 1.6)], label: [6, 9, zoom(6, 11, 9, 14), 'Regular'] },
  { name: 'intercommunalities', line: [7, zoom(7, 0.5, 8, 0.8, 12, 1.6), [3, 2]], label: [9, 11, zoom(9, 11, 11, 13), 'Regular'] },
  { name: 'municipalities', line: [8, zoom(8, 0.3, 9.5, 0.5, 14, 1.2)], label: [7, null, zoom(7, 11, 9.5, 11.5, 14, 15), 'Regular'] },
  { name: 'neighbourhoods', line: [12, zoom(12, 0.8, 16, 1.2), [2, 2]], label: [13, null, zoom(13, 11, 16, 12), 'Regular'] },
];

const fonts = (weight) =>
  [
    ['latin', ['U+0-FF', 'U+131', 'U+152-153', 'U+2BB-2BC', 'U+2000-206F', 'U+20AC', 'U+2122']],
    ['latin-ext', ['U+100-130', 'U+132-151', 'U+154-24F', 'U+1E00-1EFF']],
  ].map(([subset, range]) => ({ url: `{base}/fonts/noto-sans-${subset}-${weight}.woff2`, 'unicode-range': range }));

const vector = (name) => ({ type: 'vector', url: `{base}/tiles/${name}?edition={edition}`, promoteId: 'id' });

const notMaritime = ['!', ['to-boolean', ['get', 'maritime']]];

/** Borders of Natural Earth are kilometres off: they fade as our own come near enough to show it. */
const fades = zoom(8, 1, 10, 0);
const FADED = 10;
/** Kilometres to both sides of a border that Natural Earth may be off. */
const SEAM_KM = 8;
/** How many pixels they are in the middle latitudes: they double with each zoom. */
const seamWidth = ['interpolate', ['exponential', 2], ['zoom'], 4, SEAM_KM * 0.55, 16, SEAM_KM * 0.55 * 2 ** 12];

function ground(c) {
  const fill = (id, source, rest) => ({ id, type: 'fill', source, ...rest });
  return [
    { id: 'background', type: 'background', paint: { 'background-color': c.sea } },
    fill('land', 'ground', {
      filter: ['==', ['get', 'kind'], 'land'],
      paint: { 'fill-color': c.land, 'fill-antialias': false },
    }),
    {
      id: 'land-seams',
      type: 'line',
      source: 'ground',
      minzoom: 4,
      filter: ['to-boolean', ['get', 'inland']],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': c.land, 'line-width': seamWidth },
    },
    {
      id: 'foreign-borders',
      type: 'line',
      source: 'ground',
      maxzoom: FADED,
      filter: ['==', ['get', 'kind'], 'border'],
      paint: { 'line-color': c.foreign, 'line-width': zoom(0, 0.4, 6, 1), 'line-opacity': fades },
    },
    fill('countries', 'boundaries', {
      'source-layer': 'countries',
      paint: { 'fill-color': ['interpolate', ['linear'], ['zoom'], 2, c.ground, 5, c.groundFar], 'fill-antialias': false },
    }),
    fill('regions', 'boundaries', {
      'source-layer': 'regions',
      minzoom: 2,
      maxzoom: 7,
      paint: { 'fill-color': c.ground, 'fill-antialias': false },
    }),
    fill('municipalities', 'boundaries', {
      'source-layer': 'municipalities',
      minzoom: 7,
      paint: { 'fill-color': c.ground, 'fill-antialias': false },
    }),
  ];
}

function lines(c) {
  const maritime = {
    id: 'line-maritime',
    type: 'line',
    source: 'boundaries',
    'source-layer': 'boundary_lines',
    minzoom: 3,
    filter: ['to-boolean', ['get', 'maritime']],
    paint: { 'line-color': c.maritime, 'line-width': zoom(3, 0.5, 10, 1), 'line-dasharray': [4, 3] },
  };
  const line = ({ name, line: [minzoom, width, dashes] }, i) => ({
    id: `line-${name}`,
    type: 'line',
    source: 'boundaries',
    'source-layer': 'boundary_lines',
    minzoom,
    filter: ['all', ['==', ['get', 'level'], i + 1], notMaritime],
    layout: { 'line-join': 'round', 'line-cap': dashes ? 'butt' : 'round' },
    paint: { 'line-color': c.lines[i], 'line-width': width, ...(dashes && { 'line-dasharray': dashes }) },
  });
  return [maritime, ...LEVELS.map(line).reverse()]; // thin ones first
}

/** Large towns first: the population that a municipality needs for its name, by zoom. */
const LARGE_FIRST = [
  '>=',
  ['coalesce', ['get', 'population'], 0],
  ['step', ['zoom'], 100000, 8, 30000, 9, 10000, 10, 0],
];

function labels(c) {
  const label = ({ name, label: [minzoom, maxzoom, size, weight], caps }, i) => {
    const isLevel = ['==', ['get', 'level'], i + 1];
    return {
      id: `label-${name}`,
      type: 'symbol',
      source: 'boundaries',
      'source-layer': 'admin_labels',
      minzoom,
      ...(maxzoom && { maxzoom }),
      filter: name === 'municipalities' ? ['all', isLevel, LARGE_FIRST] : isLevel,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [`Noto Sans ${weight}`],
        'text-size': size,
        'text-max-width': 8,
        'text-padding': 4,
        'text-variable-anchor': ['center', 'bottom', 'top', 'left', 'right'],
        'text-radial-offset': 1.6,
        'text-justify': 'auto',
        'symbol-sort-key': ['coalesce', ['get', 'rank'], 1000000000],
        ...(caps && { 'text-letter-spacing': 0.1, 'text-transform': 'uppercase' }),
      },
      paint: { 'text-color': c.labels[i], 'text-halo-color': c.halo, 'text-halo-width': 1.4 },
    };
  };
  return LEVELS.map(label).reverse();
}

/** A name as a label: ten thousand letters of one would be more than MapLibre can draw, and it would draw nothing more. */
const LONGEST_LABEL = 80;
const SHORT_NAME = [
  'case',
  ['>', ['length', ['get', 'name']], LONGEST_LABEL],
  ['concat', ['slice', ['get', 'name'], 0, LONGEST_LABEL - 1], '…'],
  ['get', 'name'],
];

const byCount = (...stops) => ['interpolate', ['linear'], ['log10', ['max', 1, ['get', 'count']]], ...stops];
const SHORT_COUNT = [
  'case',
  ['>=', ['get', 'count'], 10000],
  ['concat', ['number-format', ['/', ['get', 'count'], 1000], { 'max-fraction-digits': 0 }], ' k'],
  ['to-string', ['get', 'count']],
];

function points(c) {
  const ofTheme = ['match', ['get', 'theme'], ...themes.flat(), c.noTheme];
  const majority = (code) => ['>', ['*', 2, ['coalesce', ['get', `theme_${code}`], 0]], ['get', 'count']];
  const ofMajority = ['case', ...themes.flatMap(([code, colour]) => [majority(code), colour]), c.noTheme];
  const clusters = (one, source, fill, shift) => ({
    id: `${one}-clusters`,
    type: 'circle',
    source,
    'source-layer': `${one}_clusters`,
    paint: {
      'circle-color': fill,
      'circle-radius': byCount(0.3, 11, 1, 13, 2, 17, 3, 21, 4, 26, 5, 31),
      'circle-stroke-color': ofMajority,
      'circle-stroke-width': 3,
      ...(shift && { 'circle-translate': shift }),
    },
  });
  const counts = (one, source, shift) => ({
    id: `${one}-cluster-counts`,
    type: 'symbol',
    source,
    'source-layer': `${one}_clusters`,
    layout: {
      'text-field': SHORT_COUNT,
      'text-font': ['Noto Sans Bold'],
      'text-size': byCount(0.3, 11, 3, 12, 5, 14),
      'text-allow-overlap': true,
      'text-padding': 9,
    },
    paint: { 'text-color': c.ink, ...(shift && { 'text-translate': shift }) },
  });
  const discs = (one, source, ring) => ({
    id: `${one}-points`,
    type: 'circle',
    source,
    'source-layer': source,
    paint: {
      'circle-color': ofTheme,
      'circle-radius': zoom(8, 3.5, 12, 5.5, 16, 8),
      'circle-stroke-color': ring,
      'circle-stroke-width': 1.5,
    },
  });
  const names = (one, source) => ({
    id: `${one}-labels`,
    type: 'symbol',
    source,
    'source-layer': source,
    minzoom: 13,
    layout: {
      'text-field': SHORT_NAME,
      'text-font': ['Noto Sans Regular'],
      'text-size': zoom(13, 11, 17, 13),
      'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
      'text-radial-offset': 1.2,
      'text-justify': 'auto',
      'text-max-width': 9,
      'text-padding': 3,
      'symbol-sort-key': ['length', ['get', 'name']],
    },
    paint: { 'text-color': c.labels[0], 'text-halo-color': c.halo, 'text-halo-width': 1.4 },
  });
  /** Close up, the sprite's marker in place of the disc: an icon says the theme too. */
  const markers = (one, source) => ({
    id: `${one}-markers`,
    type: 'symbol',
    source,
    'source-layer': source,
    minzoom: 10,
    layout: {
      'icon-image': ['concat', `${one}-`, ['coalesce', ['get', 'theme'], 'none']],
      'icon-size': zoom(10, 0.8, 14, 1),
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
    },
  });
  const SHIFT = [17, -17];
  return [
    clusters('actor', 'actors', c.cluster),
    discs('actor', 'actors', c.ring),
    markers('actor', 'actors'),
    counts('actor', 'actors'),
    clusters('event', 'events', c.eventCluster, SHIFT),
    discs('event', 'events', c.edge),
    markers('event', 'events'),
    counts('event', 'events', SHIFT),
    names('actor', 'actors'),
    names('event', 'events'),
  ];
}

function style(name, sources, layers) {
  return {
    version: 8,
    name,
    metadata: { 'parvis:layers': 'styles/README.md' },
    sources,
    sprite: '{base}/sprites/parvis',
    glyphs: '{base}/fonts/{fontstack}/{range}.pbf',
    'font-faces': { 'Noto Sans Regular': fonts(400), 'Noto Sans Bold': fonts(700) },
    layers,
  };
}

/** Its tiles end early: the seams are wide, and drawn as far as the margin of a tile goes. */
const land = {
  type: 'geojson',
  data: '{base}/styles/ground.geojson?edition={edition}',
  maxzoom: 7,
  attribution: 'Natural Earth',
};
const all = { ground: land, boundaries: vector('boundaries'), actors: vector('actors'), events: vector('events') };
const whole = (name, c) => style(name, all, [...ground(c), ...lines(c), ...labels(c), ...points(c)]);

const OUT = {
  'parvis-light': whole('Parvis light', LIGHT),
  'parvis-dark': whole('Parvis dark', DARK),
  boundaries: style('Parvis boundaries', { boundaries: vector('boundaries') }, [...lines(LIGHT), ...labels(LIGHT)]),
};
for (const [name, value] of Object.entries(OUT)) {
  writeFileSync(resolve(styles, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`);
}
