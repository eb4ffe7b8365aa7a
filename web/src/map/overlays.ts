import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Family } from '../api/types.ts';
import { LEVEL_LAYERS, LEVELS, type Scheme } from '../state/model.ts';

/** The colours of the layers that only the page has, by scheme; the classes from few to many. */
export const COLOURS = {
  light: {
    areas: ['#E4EEF3', '#C2DCE8', '#8FC0D6', '#5599B9', '#2B6F93'],
    none: '#F1EFEA',
    mask: '#FBFAF7',
    maskOpacity: 0.62,
    heat: ['#FDE9C9', '#F9B871', '#EE7F4B', '#C9403F', '#7C1D3F'],
    outline: '#12303D',
    casing: '#FFFFFF',
    ring: '#0A76F6',
  },
  dark: {
    areas: ['#1F3440', '#26495A', '#2F6480', '#3F86A6', '#74B9D6'],
    none: '#1D232A',
    mask: '#0F1317',
    maskOpacity: 0.6,
    heat: ['#5A2E5C', '#8C3358', '#C04A45', '#EA8540', '#FBD37A'],
    outline: '#DDF1F9',
    casing: '#0B0F13',
    ring: '#6FB3FF',
  },
} as const satisfies Record<Scheme, unknown>;

export interface Overlay {
  scheme: Scheme;
  family: Family | null;
  /** the level of the units that are coloured; 0 for none */
  areaLevel: number;
  /** where a country is seen whole, the counts of its units, as they are to be read; by id */
  counts: ReadonlyMap<string, string> | null;
  name: ExpressionSpecification;
  /** the unit that is pointed out, by its id */
  chosen: string | null;
  heat: boolean;
}

/** Layers of one place in the order of drawing. */
export interface OverlayLayers {
  /** under the boundary lines */
  below: LayerSpecification[];
  /** over the boundary lines, under the points */
  above: LayerSpecification[];
}

const BOUNDARIES = 'boundaries';
const is = (key: string, value: string): ExpressionSpecification => ['==', ['get', key], value];
const isNot = (key: string, value: string): ExpressionSpecification => ['!=', ['get', key], value];
const all = (...parts: ExpressionSpecification[]): FilterSpecification => ['all', ...parts];

/** The layers that the state asks for: areas coloured by counts, what lies outside the perimeter paled, outlines, cells. */
export function overlays({ scheme, family, areaLevel, counts, name, chosen, heat }: Overlay): OverlayLayers {
  const colours = COLOURS[scheme];
  const below: LayerSpecification[] = [];
  const above: LayerSpecification[] = [];
  if (family) {
    const { unit, ancestors } = family;
    const areas = LEVEL_LAYERS[areaLevel];
    if (areas) below.push(areaLayer(areas, all(is(`${LEVELS[unit.level]}_id`, unit.id)), colours));
    below.push(...maskLayers([...ancestors, unit], colours));
    if (unit.bbox) above.push(...outlineLayers('perimeter', unit.id, unit.level, colours, 2.2));
  }
  if (counts && counts.size > 0) above.push(countLayer(areaLevel, counts, name, colours));
  if (heat) below.push(heatLayer(colours));
  if (chosen && chosen !== family?.unit.id) {
    const level = LEVELS.indexOf(chosen.slice(0, chosen.indexOf(':')) as (typeof LEVELS)[number]);
    above.push(...outlineLayers('chosen', chosen, level, colours, 2.6));
  }
  return { below, above };
}

type Colours = (typeof COLOURS)[Scheme];

function areaLayer(sourceLayer: string, filter: FilterSpecification, colours: Colours): LayerSpecification {
  const [c0, c1, c2, c3, c4] = colours.areas;
  return {
    id: 'page-areas',
    type: 'fill',
    source: BOUNDARIES,
    'source-layer': sourceLayer,
    filter,
    paint: {
      // biome-ignore format: one class a line says less
      'fill-color': ['step', ['coalesce', ['feature-state', 'class'], -1], colours.none, 0, c0, 1, c1, 2, c2, 3, c3, 4, c4],
      'fill-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], 0.95, 0.78],
      'fill-antialias': false,
    },
  };
}

/** Pales each level's units beside the way down to the perimeter. They cover nothing twice. */
function maskLayers(way: Family['ancestors'], colours: Colours): LayerSpecification[] {
  return way.flatMap((unit, at): LayerSpecification[] => {
    const layer = LEVEL_LAYERS[unit.level];
    const parent = way[at - 1];
    if (!layer) return [];
    const beside = isNot('id', unit.id);
    return [
      {
        id: `page-mask-${unit.level}`,
        type: 'fill',
        source: BOUNDARIES,
        'source-layer': layer,
        filter: parent ? all(is(`${LEVELS[parent.level]}_id`, parent.id), beside) : all(beside),
        paint: {
          'fill-color': colours.mask,
          'fill-opacity': colours.maskOpacity,
          'fill-antialias': false,
        },
      },
    ];
  });
}

function outlineLayers(
  name: string,
  id: string,
  level: number,
  colours: Colours,
  width: number,
): LayerSpecification[] {
  const sourceLayer = LEVEL_LAYERS[level];
  if (!sourceLayer) return [];
  const line = (suffix: string, color: string, wide: number, opacity: number): LayerSpecification => ({
    id: `page-${name}${suffix}`,
    type: 'line',
    source: BOUNDARIES,
    'source-layer': sourceLayer,
    filter: is('id', id),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': color, 'line-width': wide, 'line-opacity': opacity },
  });
  return [line('-casing', colours.casing, width + 2.6, 0.85), line('', colours.outline, width, 1)];
}

/** Below this zoom a country says its counts by name: points would be a crowd of clusters. */
export const COUNTS_BELOW = 6.4;

function countLayer(
  level: number,
  counts: ReadonlyMap<string, string>,
  name: ExpressionSpecification,
  colours: Colours,
): LayerSpecification {
  const texts = [...counts].flat() as [string, string, ...string[]];
  return {
    id: 'page-counts',
    type: 'symbol',
    source: BOUNDARIES,
    'source-layer': 'admin_labels',
    maxzoom: COUNTS_BELOW,
    filter: all(['==', ['get', 'level'], level], ['in', ['get', 'id'], ['literal', [...counts.keys()]]]),
    layout: {
      'text-field': [
        'format',
        ['match', ['get', 'id'], ...texts, ''],
        { 'font-scale': 1.25 },
        '\n',
        {},
        name,
        { 'text-font': ['literal', ['Noto Sans Regular']], 'font-scale': 0.85 },
      ],
      'text-font': ['Noto Sans Bold'],
      'text-size': ['interpolate', ['linear'], ['zoom'], 4, 11, 6, 15],
      'text-max-width': 7,
      'text-line-height': 1.15,
      'text-padding': 1,
      'symbol-sort-key': ['coalesce', ['get', 'rank'], 0],
    },
    paint: {
      'text-color': colours.outline,
      'text-halo-color': colours.casing,
      'text-halo-width': 1.6,
    },
  };
}

/** Cells grow small with the zoom, and hold less: from each zoom on, the count that has the last colour. */
const HEAT_TOPS: readonly [zoom: number, top: number][] = [
  [0, 10_000],
  [6, 1_000],
  [8.5, 100],
  [11, 20],
];

/** The count from which cells have the last colour, at a zoom. */
export const heatTop = (zoom: number): number =>
  (HEAT_TOPS.findLast(([from]) => zoom >= from) ?? HEAT_TOPS[0])?.[1] ?? 1;

/** The counts that the five colours stand for, up to a last one: as far apart by their logarithm. */
export const heatStops = (top: number): number[] => [0, 1, 2, 3, 4].map((at) => top ** (at / 4));

function heatLayer(colours: Colours): LayerSpecification {
  const ramp = (top: number) => [
    'interpolate',
    ['linear'],
    ['log10', ['max', 1, ['get', 'count']]],
    ...heatStops(top).flatMap((stop, at) => [Math.log10(stop), colours.heat[at]]),
  ];
  const [first, ...later] = HEAT_TOPS.map(([zoom, top]) => [zoom, ramp(top)]);
  const steps = ['step', ['zoom'], first?.[1], ...later.flat(1)] as unknown as ExpressionSpecification;
  return {
    id: 'page-heat',
    type: 'fill',
    source: 'heat',
    'source-layer': 'h3',
    paint: {
      'fill-color': steps,
      'fill-opacity': ['interpolate', ['linear'], ['zoom'], 4, 0.85, 12, 0.7],
      'fill-outline-color': colours.casing,
    },
  };
}
