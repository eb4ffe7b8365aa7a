import type { PointCollection } from '../api/types.ts';
import type { Lang } from '../i18n/index.ts';

export type LonLat = [lon: number, lat: number];

export const VIEWS = ['map', 'list', 'table', 'agenda'] as const;
/** `map`: the panel has the filters; `list`: it has the list; `table`, `agenda`: these stand where the map stood. */
export type View = (typeof VIEWS)[number];
export type Scheme = 'light' | 'dark';
export type Layer = 'points' | 'heat';

/** The orders that the list and the table may be given in place of the usual one. */
export const SORTS = ['name', 'distance'] as const;
export type Sort = (typeof SORTS)[number];

/** A place and the metres around it. */
export interface Near {
  lon: number;
  lat: number;
  radius: number;
}

/** What is asked of the data. */
export interface Filter {
  /** the perimeter; null is that of the configuration */
  unit: string | null;
  show: Readonly<Record<PointCollection, boolean>>;
  /** codes of the chosen themes; none means all */
  themes: readonly string[];
  /** kinds of actors and types of events; none of a collection means all of it */
  kinds: readonly string[];
  q: string;
  /** days, `2026-03-01`, both included */
  from: string | null;
  to: string | null;
  near: Near | null;
}

/** All that an address carries but the place of the map, which is in its hash. */
export interface Address extends Filter {
  lang: Lang;
  /** null: as the system says */
  scheme: Scheme | null;
  view: View;
  /** which collection the list and the table are of */
  list: PointCollection;
  /** the order of the list and the table; null is the usual one */
  sort: Sort | null;
  /** the id of the actor or event whose card is open */
  sel: string | null;
  layer: Layer;
  /** whether units are coloured by their counts */
  areas: boolean;
}

/** The order in force: there is a distance only where there is a place to measure it from. */
export const sortOf = ({ sort, near }: Pick<Address, 'sort' | 'near'>): Sort | null =>
  sort === 'distance' && !near ? null : sort;

export const NO_FILTER: Omit<Filter, 'unit' | 'show'> = {
  themes: [],
  kinds: [],
  q: '',
  from: null,
  to: null,
  near: null,
};

export const COLLECTIONS: readonly PointCollection[] = ['actors', 'events'];

/** Six levels, strongest first; the place in the list is the level. */
export const LEVELS = [
  '',
  'country',
  'region',
  'department',
  'intercommunality',
  'municipality',
  'neighbourhood',
] as const;

/** The MVT layer, and collection, of a level. */
export const LEVEL_LAYERS = [
  '',
  'countries',
  'regions',
  'departments',
  'intercommunalities',
  'municipalities',
  'neighbourhoods',
] as const;

/** The level that the prefix of a unit's id says; 0 when it is none. */
export const levelOf = (id: string): number =>
  Math.max(0, LEVELS.indexOf(id.slice(0, id.indexOf(':')) as (typeof LEVELS)[number]));

export const collectionOf = (id: string): PointCollection => (id.startsWith('event:') ? 'events' : 'actors');
