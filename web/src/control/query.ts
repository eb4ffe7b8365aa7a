import type { Query } from '../api/client.ts';
import type { PointCollection } from '../api/types.ts';
import type { Config } from '../config.ts';
import { type Address, type Filter, sortOf } from '../state/model.ts';

/** What an actor may be; every other kind is a type of events. */
const ACTOR_KINDS: readonly string[] = [
  'association',
  'business',
  'group',
  'public_body',
  'project',
  'place',
];

export const kindOf = (kind: string): PointCollection => (ACTOR_KINDS.includes(kind) ? 'actors' : 'events');

/** A part of a filter that a query may be without, to count what the others leave. */
export type Part = 'theme' | 'kind' | 'time';

/** The filter as the API takes it, for one collection: a kind of actors says nothing of events, nor a day of actors. */
export function apiQuery(
  filter: Filter,
  config: Config,
  collection: PointCollection,
  ...without: Part[]
): Query {
  const { perimeter } = config;
  const home = perimeter && !perimeter.whole ? perimeter.id : null;
  const query: Query = { within: filter.unit ?? home };
  if (!without.includes('theme')) query.theme = [...filter.themes].sort().join(',');
  if (!without.includes('kind'))
    query.kind = filter.kinds.filter((kind) => kindOf(kind) === collection).join(',');
  if (filter.q) query.q = filter.q;
  if (filter.near) {
    query.near = `${filter.near.lon},${filter.near.lat}`;
    query.radius = Math.round(filter.near.radius);
  }
  if (collection === 'events' && !without.includes('time')) query.datetime = datetime(filter);
  return query;
}

/** Days as the interval of the API, which includes both. */
export function datetime({ from, to }: Pick<Filter, 'from' | 'to'>): string | null {
  if (!from && !to) return null;
  return `${from ?? '..'}/${to ?? '..'}`;
}

/** The order as the API takes it: only events have a start, and come by it where nothing else is asked. */
export const sortby = (collection: PointCollection, address: Pick<Address, 'sort' | 'near'>): string | null =>
  sortOf(address) ?? (collection === 'events' ? 'start' : null);

/** How many filters narrow what is shown, the perimeter aside. */
export const filterCount = (filter: Filter): number =>
  filter.themes.length +
  filter.kinds.length +
  (filter.q ? 1 : 0) +
  (filter.near ? 1 : 0) +
  (filter.from || filter.to ? 1 : 0);
