import { item, items } from '../api/features.ts';
import type { Item, PointCollection, SearchResult, Unit } from '../api/types.ts';
import { lookup } from '../api/units.ts';
import type { Bbox, Config } from '../config.ts';
import { type Lang, loadLang } from '../i18n/index.ts';
import { ours } from '../links.ts';
import type { MapEvents, MapView, PickedPoint } from '../map/view.ts';
import { type Address, COLLECTIONS, collectionOf, type LonLat, levelOf, NO_FILTER } from '../state/model.ts';
import {
  type Details,
  LOADING,
  type Loaded,
  mainUnit,
  type Notice,
  ready,
  type State,
} from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { AddressBar, Step } from './addressbar.ts';
import { type Follower, loaded } from './follow.ts';
import { loadMore, startLoaders } from './loaders.ts';
import { apiQuery } from './query.ts';

/** What a person can do, whether on the map or in the panels; the only place that changes the state. */
export class Controller implements MapEvents {
  /** null until the map is up, and for good where there is no WebGL */
  map: MapView | null = null;
  #request = new AbortController();
  /** whether what is selected is still to be shown, once it is known where it is */
  #revealSelected = false;
  #followers: Follower[] = [];

  constructor(
    readonly store: Store<State>,
    readonly config: Config,
    readonly bar: AddressBar,
  ) {}

  start(): void {
    this.#followers = startLoaders(this.store, this.config, {
      failed: (status) => {
        if (status === 410) this.notice('editionGone');
        else if (status === undefined && !navigator.onLine) this.notice('offline');
      },
      unitUnknown: () => {
        this.notice('unitUnknown');
        this.change({ unit: null }, 'replace');
      },
    });
    window.addEventListener('popstate', async () => {
      const address = this.bar.read();
      await loadLang(address.lang);
      const { sel } = this.store.value;
      this.store.update(address);
      if (address.sel !== sel) void this.#showSelected();
    });
    window.addEventListener('offline', () => this.notice('offline'));
    window.addEventListener('online', () => {
      if (this.store.value.notice === 'offline') this.retry();
    });
    if (this.store.value.sel) void this.#showSelected();
  }

  /** The map is up. Where its address names no place it shows what is selected, else the perimeter. */
  mapReady(placed: boolean): void {
    const { details, sel, unit } = this.store.value;
    const at = details?.kind === 'item' ? placeOf(ready(details.item)) : null;
    if (at) this.map?.mark(at, true);
    this.#revealSelected = !placed && sel !== null && !at;
    if (!placed && at) this.map?.reveal(at);
    else if (!placed && unit) this.fitWhenKnown(unit);
    else if (!placed) this.goHome();
  }

  /** Changes what the address carries. */
  change(change: Partial<Address>, step: Step = 'push'): void {
    this.store.update(change);
    this.bar.write(this.store.value, step);
  }

  /** The address of the page after a change. */
  href(change: Partial<Address>): string {
    return this.bar.href({ ...this.store.value, ...change });
  }

  async setLang(lang: Lang): Promise<void> {
    try {
      await loadLang(lang);
    } catch {
      return this.notice('offline');
    }
    this.change({ lang }, 'replace');
  }

  /** Takes a unit as the perimeter and shows it whole; null takes the one of the configuration. */
  setUnit(unit: Pick<Unit, 'id' | 'bbox'> | null): void {
    const id = unit && unit.id !== this.config.perimeter?.id ? unit.id : null;
    if (this.store.value.details) this.close();
    this.change({ unit: id });
    if (!id) this.goHome();
    else if (unit?.bbox) this.map?.goToBox(unit.bbox);
    else this.fitWhenKnown(id);
  }

  /** Shows the perimeter of the configuration: by its box, but where that goes around the world, as a country's may. */
  goHome(): void {
    const home = this.config.perimeter?.id;
    if (home && levelOf(home) > 1) this.fitWhenKnown(home);
    else this.map?.goToStart();
  }

  toggle(key: 'themes' | 'kinds', value: string): void {
    const before = this.store.value[key];
    const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value];
    this.change({ [key]: after.sort() });
  }

  toggleShow(collection: PointCollection): void {
    const { show } = this.store.value;
    this.change({ show: { ...show, [collection]: !show[collection] } });
  }

  /** Takes every filter off; the perimeter stays. */
  reset(): void {
    this.change({ ...NO_FILTER, show: { actors: true, events: true } });
  }

  notice(notice: Notice | null): void {
    if (this.store.value.notice !== notice) this.store.update({ notice });
  }

  retry(): void {
    const { notice } = this.store.value;
    if (notice === 'editionGone' || notice === 'styleFailed') {
      location.reload();
      return;
    }
    this.store.update({ notice: null });
    for (const follower of this.#followers) follower.again();
    this.map?.retry();
  }

  more(): void {
    void loadMore(this.store, this.config);
  }

  /** Marks the item that is pointed at in a list. */
  point(item: Item | null): void {
    this.map?.highlight(placeOf(item));
    this.store.update({ pointed: item?.id ?? null });
  }

  close(): void {
    this.#begin(null);
    if (this.store.value.sel) this.change({ sel: null });
  }

  moved(box: Bbox): void {
    this.store.update({ box });
  }

  /** A unit on the map was pressed: it becomes the perimeter. */
  enter(id: string): void {
    const known = ready(this.store.value.family)?.children.find((unit) => unit.id === id);
    this.setUnit(known ?? { id });
  }

  /** Tells the levels of a point. */
  async place(at: LonLat): Promise<void> {
    const signal = this.#begin({ kind: 'place', at, units: LOADING }, at);
    if (this.store.value.sel) this.change({ sel: null });
    const units = await loaded(lookup(...at, signal));
    if (signal.aborted) return;
    this.store.update({ details: { kind: 'place', at, units } });
    if (units.state === 'ready') this.map?.outline(mainUnit(units.value)?.id ?? null);
  }

  /** Tells the levels of the middle of the map; without a map, of where it would have started. */
  async placeAtCentre(): Promise<void> {
    await this.place(this.centre());
  }

  centre(): LonLat {
    const { lon, lat } = this.config.start;
    return this.map?.centre() ?? [lon, lat];
  }

  async picked({ collection, id, name, example, at }: PickedPoint): Promise<void> {
    this.change({ sel: id });
    await this.#item(collection, id, name, example, at);
  }

  /** Opens an item from a list. */
  async open(item: Item): Promise<void> {
    const { id, properties } = item;
    const at = placeOf(item);
    if (at) this.map?.reveal(at);
    this.change({ sel: id });
    await this.#item(collectionOf(id), id, String(properties.name ?? ''), properties.example === true, at);
  }

  /** Lists what lies on one spot. */
  async crowd(at: LonLat, bbox: Bbox): Promise<void> {
    const { show } = this.store.value;
    const shown = COLLECTIONS.filter((collection) => show[collection]);
    const parts = shown.map((collection) => ({ collection, items: LOADING }));
    const signal = this.#begin({ kind: 'crowd', at, parts }, at);
    const read = await Promise.all(
      shown.map(async (collection) => {
        const query = apiQuery(this.store.value, this.config, collection);
        return { collection, items: await loaded(items(collection, query, { bbox, limit: 50 }, signal)) };
      }),
    );
    if (!signal.aborted) this.store.update({ details: { kind: 'crowd', at, parts: read } });
  }

  async goTo(result: SearchResult): Promise<void> {
    const at: LonLat | null =
      typeof result.lon === 'number' && typeof result.lat === 'number' ? [result.lon, result.lat] : null;
    if (result.type === 'unit') return this.setUnit(result);
    if (result.bbox) this.map?.goToBox(result.bbox);
    else if (at) this.map?.reveal(at);
    if (result.type === 'postcode') return at ? this.place(at) : undefined;
    this.change({ sel: result.id });
    await this.#item(collectionOf(result.id), result.id, result.name, result.example === true, at);
  }

  async #showSelected(): Promise<void> {
    const { sel } = this.store.value;
    if (sel) await this.#item(collectionOf(sel), sel, '', false, null);
    else this.#begin(null);
  }

  async #item(
    collection: PointCollection,
    id: string,
    name: string,
    example: boolean,
    at: LonLat | null,
  ): Promise<void> {
    const units: Loaded<Unit[]> | null = at && LOADING;
    const before: Details & { kind: 'item' } = {
      kind: 'item',
      collection,
      id,
      name,
      example,
      item: LOADING,
      units,
    };
    const signal = this.#begin(before, at);
    const asked = at && loaded(lookup(...at, signal));
    const found = await loaded(item(collection, id, signal));
    if (signal.aborted) return;
    const place = placeOf(ready(found)) ?? at;
    if (!at && place) this.map?.mark(place, true);
    if (place && this.#revealSelected) this.map?.reveal(place);
    this.#revealSelected = false;
    const details: Details & { kind: 'item' } = {
      ...before,
      item: found,
      name: String(ready(found)?.properties.name ?? name),
      units: place && LOADING,
    };
    this.store.update({ details });
    const levels = (await asked) ?? (place && (await loaded(lookup(...place, signal))));
    if (!signal.aborted) this.store.update({ details: { ...details, units: levels } });
  }

  /** A unit that was only named: it is shown whole once its box is known. */
  fitWhenKnown(id: string): void {
    const tryFit = (): boolean => {
      const family = ready(this.store.value.family);
      if (family?.unit.id === id && family.unit.bbox) this.map?.goToBox(family.unit.bbox);
      const now = this.store.value.unit ?? this.config.perimeter?.id;
      return family?.unit.id === id || now !== id;
    };
    if (tryFit()) return;
    const stop = this.store.watch(() => tryFit() && stop());
  }

  /** Puts new details on the card, ending the requests of the ones before. */
  #begin(details: Details | null, at: LonLat | null = null): AbortSignal {
    this.#request.abort();
    this.#request = new AbortController();
    this.map?.mark(at, details?.kind === 'item');
    this.map?.outline(null);
    this.store.update({ details });
    return this.#request.signal;
  }
}

const placeOf = (item: Item | null): LonLat | null =>
  item?.geometry?.type === 'Point' ? item.geometry.coordinates : null;

/** The page of the API that lists what is shown, for people. */
export const listHref = (state: State, config: Config, format: string): string => {
  const query = apiQuery(state, config, state.list);
  const texts = Object.entries(query).flatMap(([key, value]) => (value ? [[key, String(value)]] : []));
  return ours(`collections/${state.list}/items`, { ...Object.fromEntries(texts), f: format });
};
