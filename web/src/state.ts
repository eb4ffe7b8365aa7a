import type { Item, PointCollection, Unit } from './api.ts';
import type { Config } from './config.ts';
import type { Lang } from './i18n/index.ts';

/** Something that is on its way, here, or could not be read. */
export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; why: string };

export type LonLat = [lon: number, lat: number];

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
  | { kind: 'list'; title: 'listTitle' | 'hereTitle'; parts: ListPart[] };

/** The unit that a point is called after: its municipality, or the smallest above where there is none. */
export const mainUnit = (units: readonly Unit[]): Unit | null =>
  units.findLast((unit) => unit.level <= 5) ?? null;

export interface ListPart {
  collection: PointCollection;
  items: Loaded<{ features: Item[]; total: number }>;
  /** the same list as a page of the API */
  href: string;
}

export type Notice = 'tilesFailed' | 'styleFailed' | 'mapFailed';

export interface State {
  lang: Lang;
  /** codes of the chosen themes; none means all */
  themes: readonly string[];
  show: Readonly<Record<PointCollection, boolean>>;
  details: Details | null;
  notice: Notice | null;
}

/** One value that can be read, replaced and watched. */
export class Store<T extends object> {
  readonly #watchers = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  update(change: Partial<T>): void {
    this.#value = { ...this.#value, ...change };
    for (const watcher of this.#watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

/** Reads from the query what a link may carry: `theme=food,energy`, `show=actors`. What is unknown is left out. */
export function readQuery(query: URLSearchParams, config: Config): Pick<State, 'themes' | 'show'> {
  const known = config.themes.map((theme) => theme.code);
  const wanted = (query.get('theme') ?? '').split(',');
  const show = query.get('show')?.split(',');
  return {
    themes: known.filter((code) => wanted.includes(code)),
    show: { actors: show?.includes('actors') ?? true, events: show?.includes('events') ?? true },
  };
}

/** Writes the state into a query, leaving its other keys as they are. Defaults are left out. */
export function writeQuery(query: URLSearchParams, state: Pick<State, 'lang' | 'themes' | 'show'>): string {
  const next = new URLSearchParams(query);
  const set = (key: string, value: string | null) =>
    value === null ? next.delete(key) : next.set(key, value);
  set('lang', state.lang);
  set('theme', state.themes.length > 0 ? state.themes.join(',') : null);
  const shown = (['actors', 'events'] as const).filter((collection) => state.show[collection]);
  set('show', shown.length === 2 ? null : shown.join(','));
  return next.toString().replaceAll('%2C', ',');
}
