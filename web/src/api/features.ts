import type { Bbox } from '../config.ts';
import { getJson, type Query } from './client.ts';
import type { Histogram, Item, Items, PointCollection, Tally } from './types.ts';

/** An id as a segment of a path. Colon and at stay as they are: `municipality:97411`. */
export const segment = (id: string) => encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%40', '@');

export const itemPath = (collection: PointCollection, id: string) =>
  `collections/${collection}/items/${segment(id)}`;

export const item = (collection: PointCollection, id: string, signal?: AbortSignal) =>
  getJson<Item>(itemPath(collection, id), { f: 'json' }, signal);

export const boxText = (bbox: Bbox) => bbox.map((degrees) => Number(degrees.toFixed(6))).join(',');

/** One page of what a filter takes. */
export async function items(
  collection: PointCollection,
  filter: Query,
  page: { bbox?: Bbox | null; sortby?: string | null; limit: number; cursor?: string | null },
  signal?: AbortSignal,
): Promise<{ features: Item[]; total: number; next: string | null }> {
  const query = {
    ...filter,
    bbox: page.bbox && boxText(page.bbox),
    sortby: page.sortby,
    limit: page.limit,
    cursor: page.cursor,
  };
  const { features, numberMatched, links } = await getJson<Items>(
    `collections/${collection}/items`,
    query,
    signal,
  );
  const next = links?.find((link) => link.rel === 'next')?.href;
  const cursor = next ? new URL(next, document.baseURI).searchParams.get('cursor') : null;
  return { features, total: numberMatched ?? features.length, next: cursor };
}

/** Counts by the values of some fields. */
export async function facets(
  collection: PointCollection,
  by: readonly string[],
  filter: Query,
  signal?: AbortSignal,
): Promise<{ total: number; facets: Record<string, Tally> }> {
  const answer = await getJson<{ numberMatched: number; facets: Record<string, Tally> }>(
    `collections/${collection}/facets`,
    { ...filter, by: by.join(','), limit: 1000 },
    signal,
  );
  return { total: answer.numberMatched, facets: answer.facets };
}

/** Counts by the values of one field, all of them. */
export async function aggregate(
  collection: PointCollection,
  by: string,
  filter: Query,
  signal?: AbortSignal,
): Promise<Tally & { featuresMatched: number }> {
  return getJson(`collections/${collection}/aggregate`, { ...filter, by }, signal);
}

export async function histogram(filter: Query, signal?: AbortSignal): Promise<Histogram> {
  const { values } = await aggregate('events', 'day', filter, signal);
  return { days: new Map(values.map(({ value, count }) => [value, count])) };
}
