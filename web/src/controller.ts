import type { PointCollection, SearchResult, Unit } from './api.ts';
import * as api from './api.ts';
import type { Bbox, Config } from './config.ts';
import type { Lang } from './i18n/index.ts';
import { ours } from './links.ts';
import type { MapEvents, MapView, PickedPoint } from './map/view.ts';
import type { Details, ListPart, Loaded, LonLat, State, Store } from './state.ts';
import { mainUnit } from './state.ts';

/** What a person can do, whether on the map or in the panels. */
export class Controller implements MapEvents {
  /** null until the map is up, and for good where there is no WebGL */
  map: MapView | null = null;
  #request = new AbortController();

  constructor(
    readonly store: Store<State>,
    readonly config: Config,
  ) {}

  setLang(lang: Lang): void {
    this.store.update({ lang });
  }

  toggleTheme(code: string): void {
    const { themes } = this.store.value;
    this.setThemes(themes.includes(code) ? themes.filter((other) => other !== code) : [...themes, code]);
  }

  setThemes(themes: readonly string[]): void {
    this.store.update({ themes });
  }

  toggleShow(collection: PointCollection): void {
    const { show } = this.store.value;
    this.store.update({ show: { ...show, [collection]: !show[collection] } });
  }

  notice(notice: State['notice']): void {
    if (this.store.value.notice !== notice) this.store.update({ notice });
  }

  retry(): void {
    if (this.map) {
      this.store.update({ notice: null });
      this.map.retry();
    } else location.reload();
  }

  close(): void {
    this.#begin(null);
  }

  /** Tells the levels of a point. */
  async place(at: LonLat): Promise<void> {
    const signal = this.#begin({ kind: 'place', at, units: { state: 'loading' } }, at);
    const units = await this.#units(at, signal);
    if (signal.aborted) return;
    this.store.update({ details: { kind: 'place', at, units } });
    if (units.state === 'ready') this.map?.outline(mainUnit(units.value));
  }

  async point({ collection, id, name, example, at }: PickedPoint): Promise<void> {
    await this.#item(collection, id, name, example, at);
  }

  async crowd(bbox: Bbox): Promise<void> {
    await this.#list('hereTitle', bbox);
  }

  /** Lists what is in view; without a map, what is in the territory. */
  async listInView(): Promise<void> {
    await this.#list('listTitle', this.map?.bounds() ?? this.config.bounds);
  }

  /** Tells the levels of the middle of the map; without a map, of where it would have started. */
  async placeAtCentre(): Promise<void> {
    const { lon, lat } = this.config.start;
    await this.place(this.map?.centre() ?? [lon, lat]);
  }

  /** Opens an item from a list. */
  async open(collection: PointCollection, { id, geometry, properties }: api.Item): Promise<void> {
    const at = geometry?.type === 'Point' ? geometry.coordinates : null;
    if (at) this.map?.goToPoint(at, 13);
    await this.#item(collection, id, String(properties.name ?? ''), properties.example === true, at);
  }

  async goTo(result: SearchResult): Promise<void> {
    const at: LonLat | null =
      typeof result.lon === 'number' && typeof result.lat === 'number' ? [result.lon, result.lat] : null;
    if (result.bbox) this.map?.goToBox(result.bbox);
    else if (at) this.map?.goToPoint(at, 13);
    const collection = ({ actor: 'actors', event: 'events' } as const)[result.type];
    if (collection) await this.#item(collection, result.id, result.name, result.example === true, at);
    else if (at) {
      await this.place(at);
      if (result.level) this.map?.outline({ id: result.id, level: result.level });
    }
  }

  async #item(
    collection: PointCollection,
    id: string,
    name: string,
    example: boolean,
    at: LonLat | null,
  ): Promise<void> {
    const details: Details & { kind: 'item' } = {
      kind: 'item',
      collection,
      id,
      name,
      example,
      item: { state: 'loading' },
      units: at && { state: 'loading' },
    };
    const signal = this.#begin(details, at);
    const [item, units] = await Promise.all([
      load(api.item(collection, id, signal)),
      at && this.#units(at, signal),
    ]);
    if (!signal.aborted) this.store.update({ details: { ...details, item, units } });
  }

  async #list(title: 'listTitle' | 'hereTitle', bbox: Bbox): Promise<void> {
    const { themes, show } = this.store.value;
    const query: Record<string, string> = { f: 'html', bbox: bbox.map((n) => n.toFixed(7)).join(',') };
    if (themes.length > 0) query.theme = themes.join(',');
    const parts = (['actors', 'events'] as const)
      .filter((collection) => show[collection])
      .map((collection): ListPart => {
        const href = ours(`collections/${collection}/items`, query);
        return { collection, items: { state: 'loading' }, href };
      });
    const signal = this.#begin({ kind: 'list', title, parts });
    const read = await Promise.all(
      parts.map(async (part): Promise<ListPart> => {
        const items = await load(api.itemsIn(part.collection, bbox, themes, signal));
        if (items.state !== 'ready') return { ...part, items };
        const { features, numberMatched } = items.value;
        return {
          ...part,
          items: { state: 'ready', value: { features, total: numberMatched ?? features.length } },
        };
      }),
    );
    if (!signal.aborted) this.store.update({ details: { kind: 'list', title, parts: read } });
  }

  async #units(at: LonLat, signal: AbortSignal): Promise<Loaded<Unit[]>> {
    const found = await load(api.lookup(...at, signal));
    if (found.state !== 'ready') return found;
    return { state: 'ready', value: found.value.units.toSorted((a, b) => a.level - b.level) };
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

async function load<T>(promise: Promise<T>): Promise<Loaded<T>> {
  try {
    return { state: 'ready', value: await promise };
  } catch (error) {
    return { state: 'failed', why: error instanceof api.ApiError ? error.message : '' };
  }
}
