import type { Area, Family, Histogram, Item, PointCollection, Tally, Unit } from '../api/types.ts';
import type { Bbox } from '../config.ts';
import type { Address, LonLat } from './model.ts';

/** Something that is on its way, here, or could not be read. */
export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; why: string };

export const LOADING = { state: 'loading' } as const;

/** What is there, or null. */
export const ready = <T>(loaded: Loaded<T> | null | undefined): T | null =>
  loaded?.state === 'ready' ? loaded.value : null;

/** What the card beside the map tells. */
export type Details =
  | { kind: 'place'; at: LonLat; units: Loaded<Unit[]> }
  | {
      kind: 'item';
      collection: PointCollection;
      id: string;
      name: string;
      example: boolean;
      item: Loaded<Item>;
      /** null when the item has no place */
      units: Loaded<Unit[]> | null;
    }
  | { kind: 'crowd'; at: LonLat; parts: CrowdPart[] };

export interface CrowdPart {
  collection: PointCollection;
  items: Loaded<{ features: Item[]; total: number }>;
}

/** A page of the list, grown by the pages after it. */
export interface Results {
  collection: PointCollection;
  items: Item[];
  /** how many match in the view of the map */
  total: number;
  /** the cursor of the next page */
  next: string | null;
  /** whether the map's view narrowed it */
  inView: boolean;
}

/** How many match the whole filter, and by value of theme and of kind, each as if that filter were not set. */
export interface Counts {
  total: number;
  themes: Tally;
  kinds: Tally;
}

export type Notice =
  | 'tilesFailed'
  | 'styleFailed'
  | 'basemapFailed'
  | 'mapFailed'
  | 'offline'
  | 'editionGone'
  | 'unitUnknown'
  | 'geolocationFailed';

export interface State extends Address {
  /** the unit that is the perimeter, those above it, those right below */
  family: Loaded<Family>;
  counts: Readonly<Record<PointCollection, Loaded<Counts>>>;
  /** how many there are in each unit right below the perimeter */
  area: Loaded<Area> | null;
  histogram: Loaded<Histogram> | null;
  results: Loaded<Results>;
  /** whether more of the list is on its way */
  more: boolean;
  /** what the map shows; null until it does */
  box: Bbox | null;
  details: Details | null;
  /** the item that is pointed at in a list */
  pointed: string | null;
  notice: Notice | null;
  /** on a phone, how far the panel is drawn up */
  sheet: 'low' | 'half' | 'full';
}

/** The state of an address, before anything was read. */
export const stateOf = (address: Address): State => ({
  ...address,
  family: LOADING,
  counts: { actors: LOADING, events: LOADING },
  area: null,
  histogram: null,
  results: LOADING,
  more: false,
  box: null,
  details: null,
  pointed: null,
  notice: null,
  // who opens a list is to see it
  sheet: address.view === 'list' ? 'half' : 'low',
});

/** The unit that a point is called after: its municipality, or the smallest above where there is none. */
export const mainUnit = (units: readonly Unit[]): Unit | null =>
  units.findLast((unit) => unit.level <= 5) ?? null;
