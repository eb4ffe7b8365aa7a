import { aggregate, facets, histogram, items } from '../api/features.ts';
import type { Area, Family, PointCollection, Unit } from '../api/types.ts';
import { children, family } from '../api/units.ts';
import type { Config } from '../config.ts';
import { COLLECTIONS, LEVELS, sortOf } from '../state/model.ts';
import { type Counts, LOADING, ready, type State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { Follower, loaded } from './follow.ts';
import { apiQuery, sortby } from './query.ts';

/** How long a change of filter, or a rest of the map, waits for the next one, in milliseconds. */
const PAUSE_MS = 150;
export const PAGE_SIZE = 50;

/** What the loaders tell when an answer says more than that it failed. */
export interface Trouble {
  failed(status: number | undefined): void;
  unitUnknown(): void;
}

/** Keeps everything that is read from the server in step with the state. */
export function startLoaders(store: Store<State>, config: Config, trouble: Trouble): Follower[] {
  const query = (collection: PointCollection, ...without: Parameters<typeof apiQuery>[3][]) =>
    apiQuery(store.value, config, collection, ...without);
  const unitOf = (state: State) => state.unit ?? config.perimeter?.id ?? null;

  const followFamily = new Follower(store, unitOf, async (signal) => {
    const id = unitOf(store.value) ?? '';
    store.update({ family: LOADING });
    const found = await loaded(family(id, signal));
    if (signal.aborted) return;
    if (found.state === 'failed') {
      if (found.status === 404 && store.value.unit) return trouble.unitUnknown();
      trouble.failed(found.status);
    }
    store.update({ family: found });
  });

  const followCounts = COLLECTIONS.map(
    (collection) =>
      new Follower(
        store,
        () => JSON.stringify(query(collection)),
        async (signal) => {
          const counts = await loaded(count(collection, query, signal));
          if (signal.aborted) return;
          if (counts.state === 'failed') trouble.failed(counts.status);
          store.update({ counts: { ...store.value.counts, [collection]: counts } });
        },
        PAUSE_MS,
      ),
  );

  const followArea = new Follower(
    store,
    (state) => {
      const home = ready(state.family);
      if (!home || !state.areas) return null;
      return JSON.stringify([home.unit.id, state.show, query('actors'), query('events')]);
    },
    async (signal) => {
      const home = ready(store.value.family);
      if (!home) return;
      const area = await loaded(countByPart(home, store.value, query, signal));
      if (!signal.aborted) store.update({ area });
    },
    PAUSE_MS,
  );

  const followHistogram = new Follower(
    store,
    () => (config.interval ? JSON.stringify(query('events', 'time')) : null),
    async (signal) => {
      const counted = await loaded(histogram(query('events', 'time'), signal));
      if (!signal.aborted) store.update({ histogram: counted });
    },
    PAUSE_MS,
  );

  const followResults = new Follower(
    store,
    (state) =>
      isListed(state) ? JSON.stringify([state.list, query(state.list), boxOf(state), sortOf(state)]) : null,
    async (signal) => {
      const { list } = store.value;
      const bbox = boxOf(store.value);
      const order = sortby(list, store.value);
      const page = await loaded(items(list, query(list), { bbox, sortby: order, limit: PAGE_SIZE }, signal));
      if (signal.aborted) return;
      if (page.state === 'failed') {
        trouble.failed(page.status);
        return store.update({ results: page, more: false });
      }
      const { features, total, next } = page.value;
      const value = { collection: list, items: features, total, next, inView: bbox !== null };
      store.update({ results: { state: 'ready', value }, more: false });
    },
    PAUSE_MS,
  );

  return [followFamily, ...followCounts, followArea, followHistogram, followResults];
}

/** The next page of the list. */
export async function loadMore(store: Store<State>, config: Config): Promise<void> {
  const before = ready(store.value.results);
  if (!before?.next || store.value.more) return;
  store.update({ more: true });
  const query = apiQuery(store.value, config, before.collection);
  const page = await loaded(
    items(before.collection, query, {
      bbox: boxOf(store.value),
      sortby: sortby(before.collection, store.value),
      limit: PAGE_SIZE,
      cursor: before.next,
    }),
  );
  if (ready(store.value.results) !== before) return; // another list is there by now
  if (page.state === 'failed') return store.update({ more: false });
  const { features, next } = page.value;
  const value = { ...before, items: [...before.items, ...features], next };
  store.update({ results: { state: 'ready', value }, more: false });
}

/** Whether items are shown one by one; the other views only say how many there are. */
const isListed = ({ view, notice }: State) => view === 'list' || view === 'table' || notice === 'mapFailed';

/** The list goes with the map; the table is of the whole perimeter. */
const boxOf = (state: State) => (state.view === 'table' ? null : state.box);

type MakeQuery = (
  collection: PointCollection,
  ...without: Parameters<typeof apiQuery>[3][]
) => ReturnType<typeof apiQuery>;

async function count(collection: PointCollection, query: MakeQuery, signal: AbortSignal): Promise<Counts> {
  const [all, byTheme, byKind] = [query(collection), query(collection, 'theme'), query(collection, 'kind')];
  const themed = JSON.stringify(all) !== JSON.stringify(byTheme) && all.theme !== '';
  const kinded = JSON.stringify(all) !== JSON.stringify(byKind) && all.kind !== '';
  const [main, themes, kinds] = await Promise.all([
    facets(collection, ['theme', 'kind'], all, signal),
    themed ? facets(collection, ['theme'], byTheme, signal) : null,
    kinded ? facets(collection, ['kind'], byKind, signal) : null,
  ]);
  const none = { values: [], missing: 0 };
  return {
    total: main.total,
    themes: (themes ?? main).facets.theme ?? none,
    kinds: (kinds ?? main).facets.kind ?? none,
  };
}

/** The strongest level below a unit: a department has its municipalities right below it too, but they come later. */
export function levelBelow({ unit, children: below }: Family): number {
  const levels = below.map(({ level }) => level).filter((level) => level > unit.level);
  return levels.length > 0 ? Math.min(...levels) : 0;
}

/** The units to colour: those of the level below; where there is but one, as where a region is one department, its own. */
async function partsOf(home: Family, signal?: AbortSignal): Promise<{ level: number; units: Unit[] }> {
  const level = levelBelow(home);
  const units = home.children.filter((unit) => unit.level === level);
  const [only] = units;
  if (!only || units.length > 1) return { level, units };
  const below = { unit: only, ancestors: [], children: await children(only.id, signal) };
  const next = levelBelow(below);
  return next > 0
    ? { level: next, units: below.children.filter((unit) => unit.level === next) }
    : { level, units };
}

async function countByPart(home: Family, state: State, query: MakeQuery, signal: AbortSignal): Promise<Area> {
  const { level, units } = await partsOf(home, signal);
  const counts = new Map<string, number>(units.map((unit) => [unit.id, 0]));
  const by = LEVELS[level];
  if (by) {
    const shown = COLLECTIONS.filter((collection) => state.show[collection]);
    const tallies = await Promise.all(
      shown.map((collection) => aggregate(collection, by, query(collection), signal)),
    );
    for (const { value, count } of tallies.flatMap((tally) => tally.values)) {
      if (counts.has(value)) counts.set(value, (counts.get(value) ?? 0) + count);
    }
  }
  return { level, within: home.unit.id, counts };
}
