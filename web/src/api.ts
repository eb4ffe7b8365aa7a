import type { Bbox } from './config.ts';
import { ours } from './links.ts';

/** One unit that contains a point, as `GET /lookup` gives it. */
export interface Unit {
  level: number;
  id: string;
  code: string | null;
  name: string;
  subtype?: string | null;
}

export interface Lookup {
  lon: number;
  lat: number;
  units: Unit[];
}

export interface SearchResult {
  type: string;
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

export type PointCollection = 'actors' | 'events';

/** An actor or an event, as the GeoJSON of `/collections/{c}/items` gives it. */
export interface Item {
  id: string;
  geometry: { type: string; coordinates: [number, number] } | null;
  properties: Record<string, unknown>;
}

export interface Items {
  features: Item[];
  numberMatched?: number;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${status} ${detail}`);
  }
}

async function getJson<T>(path: string, query: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const response = await fetch(ours(path, query), { headers: { Accept: 'application/json' }, signal });
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: unknown; title?: unknown };
    throw new ApiError(response.status, String(problem.detail ?? problem.title ?? response.statusText));
  }
  return (await response.json()) as T;
}

export const lookup = (lon: number, lat: number, signal?: AbortSignal) =>
  getJson<Lookup>('lookup', { lon: lon.toFixed(6), lat: lat.toFixed(6) }, signal);

export const search = (q: string, lang: string, signal?: AbortSignal) =>
  getJson<{ results: SearchResult[] }>('search', { q, limit: '8', lang }, signal);

/** An id as a segment of a path. Colon and at stay as they are: `municipality:97411`. */
const segment = (id: string) => encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%40', '@');

export const itemPath = (collection: PointCollection, id: string) =>
  `collections/${collection}/items/${segment(id)}`;

export const unitPath = (id: string) => `admin-units/${segment(id)}`;

export const item = (collection: PointCollection, id: string, signal?: AbortSignal) =>
  getJson<Item>(itemPath(collection, id), { f: 'json' }, signal);

/** The first items of a box, of any of `themes` when some are given. */
export function itemsIn(
  collection: PointCollection,
  bbox: Bbox,
  themes: readonly string[],
  signal?: AbortSignal,
) {
  const query: Record<string, string> = { bbox: bbox.map((n) => n.toFixed(7)).join(','), limit: '50' };
  if (themes.length > 0) query.theme = themes.join(',');
  return getJson<Items>(`collections/${collection}/items`, query, signal);
}
