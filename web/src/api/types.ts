import type { Bbox } from '../config.ts';

export type PointCollection = 'actors' | 'events';

/** An admin unit as lists give it. */
export interface Unit {
  level: number;
  id: string;
  code: string | null;
  name: string;
  /** where it is another */
  name_en?: string;
  subtype?: string | null;
  population?: number | null;
  bbox?: Bbox | null;
}

/** A unit, those above it (strongest first) and those right below it. */
export interface Family {
  unit: Unit;
  ancestors: Unit[];
  children: Unit[];
}

/** Counts by value, the most frequent first. */
export interface Tally {
  values: { value: string; label?: string; count: number }[];
  missing: number;
}

/** Counts by unit of one level. */
export interface Area {
  level: number;
  /** the unit whose parts they are */
  within: string;
  counts: ReadonlyMap<string, number>;
}

/** Events by the day they start, each in the zone of its own place: as `datetime` counts days. */
export interface Histogram {
  days: ReadonlyMap<string, number>;
}

export interface SearchResult {
  type: 'unit' | 'postcode' | 'actor' | 'event';
  id: string;
  name: string;
  detail?: string | null;
  level?: number | null;
  code?: string | null;
  lon?: number | null;
  lat?: number | null;
  bbox?: Bbox | null;
  example?: boolean;
}

/** An actor or an event, as the GeoJSON of `/collections/{c}/items` gives it. */
export interface Item {
  id: string;
  geometry: { type: string; coordinates: [number, number] } | null;
  properties: Record<string, unknown>;
}

export interface Items {
  features: Item[];
  numberMatched?: number;
  links?: { rel: string; href: string }[];
}
