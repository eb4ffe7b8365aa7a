import type { FeatureCollection, Polygon } from 'geojson';
import type {
  GeoJSONSource,
  LayerSpecification,
  Map as MapLibre,
  StyleSpecification,
  VectorTileSource,
} from 'maplibre-gl';
import type { Query } from '../api/client.ts';
import type { Config } from '../config.ts';
import { apiQuery } from '../control/query.ts';
import { ours } from '../links.ts';
import { COLLECTIONS, LEVEL_LAYERS, type Near, type Scheme } from '../state/model.ts';
import { ready, type State } from '../state/state.ts';
import { classify, classOf, toneOf } from './classes.ts';
import { circle } from './geometry.ts';
import { COLOURS, COUNTS_BELOW, type OverlayLayers, overlays } from './overlays.ts';
import { isAdminLabel, isOfLevel, nameIn } from './style.ts';
import { withFilter } from './tiles.ts';

/** The level of intercommunalities. */
const BODIES = 4;
/** Marks of the layers that only the page has. */
const PAGE = 'page-';

/** What is drawn: the style, the filters in its tile URLs, and the layers that only the page has. */
export class Scene {
  readonly #tiles = new Map<string, string[]>();
  #styled = false;
  #state: State;
  #scheme: Scheme;
  #chosen: string | null = null;
  #drawn = new Map<string, string>();
  #coloured = '';
  #shown = '';
  readonly #minZooms = new Map<string, number>();
  #wanted = '';

  constructor(
    readonly map: MapLibre,
    readonly config: Config,
    readonly markers: ReadonlyMap<string, HTMLImageElement>,
    scheme: Scheme,
    state: State,
  ) {
    this.#state = state;
    this.#scheme = scheme;
    map.on('style.load', () => {
      for (const [name, image] of markers)
        if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: 2 });
      this.#styled = true;
      this.#draw();
    });
    map.on('sourcedata', (event) => {
      if (event.sourceDataType === 'metadata') this.#filter();
    });
  }

  /** The MVT layer whose units are coloured by counts; null for none. */
  get areaLayer(): string | null {
    return LEVEL_LAYERS[this.#areaLevel()] || null;
  }

  update(state: State): void {
    const before = this.#state;
    this.#state = state;
    if (!this.#styled) return; // it is done when the style is there
    if (state.lang !== before.lang) this.#localise();
    this.#draw();
  }

  choose(id: string | null): void {
    this.#chosen = id;
    if (this.#styled) this.#layers();
  }

  restyle(style: StyleSpecification, scheme: Scheme | null): void {
    this.#styled = false;
    this.#drawn.clear();
    this.#coloured = '';
    this.#shown = '';
    this.#wanted = '';
    this.#scheme = scheme ?? this.#scheme;
    const layers = style.layers.filter((layer) => !layer.id.startsWith(PAGE));
    const { heat: _, [`${PAGE}near`]: __, ...sources } = style.sources;
    this.map.setStyle({ ...style, layers, sources }, { diff: false });
  }

  #draw(): void {
    this.#filter();
    this.#show();
    this.#near();
    this.#layers();
    this.#colour();
  }

  #localise(): void {
    for (const layer of this.map.getStyle().layers.filter(isAdminLabel)) {
      this.map.setLayoutProperty(layer.id, 'text-field', nameIn(this.#state.lang));
    }
  }

  #filter(): void {
    const filters: Record<string, Query> = {
      actors: apiQuery(this.#state, this.config, 'actors'),
      events: apiQuery(this.#state, this.config, 'events'),
      heat: heatQuery(this.#state, this.config),
    };
    for (const [id, filter] of Object.entries(filters)) {
      const source = this.map.getSource<VectorTileSource>(id);
      if (!source?.tiles) continue; // its TileJSON is on the way, and ends in `metadata`
      const base = this.#tiles.get(id) ?? source.tiles;
      this.#tiles.set(id, base);
      const tiles = base.map((url) => withFilter(url, filter));
      if (tiles.join() !== source.tiles.join()) source.setTiles(tiles);
    }
  }

  #show(): void {
    const { show, layer: kind } = this.#state;
    const overview = this.#overview();
    const named = overview ? this.#areaLevel() : 0;
    const perimeter = ready(this.#state.family)?.unit.level ?? 0;
    // the body that a commune belongs to is larger than what is seen: its name would lie across the border
    const unnamed = perimeter > BODIES ? [named, BODIES] : [named];
    const key = JSON.stringify([show, kind, unnamed]);
    if (key === this.#shown) return; // a walk over all layers is dear
    this.#shown = key;
    for (const layer of this.map.getStyle()?.layers ?? []) {
      if (!('source' in layer) || layer.id.startsWith(PAGE)) continue;
      const collection = COLLECTIONS.find((name) => name === layer.source);
      let shown = true;
      if (collection) {
        shown = show[collection] && kind === 'points';
        this.map.setLayerZoomRange(layer.id, this.#minZoom(layer, overview), layer.maxzoom ?? 24);
      } else if (isAdminLabel(layer)) shown = !unnamed.some((level) => isOfLevel(layer, level));
      else continue;
      const visibility = shown ? 'visible' : 'none';
      if ((this.map.getLayoutProperty(layer.id, 'visibility') ?? 'visible') !== visibility) {
        this.map.setLayoutProperty(layer.id, 'visibility', visibility);
      }
    }
  }

  /** The first zoom of a layer of points: its own, later where a country is seen whole. */
  #minZoom(layer: LayerSpecification, overview: boolean): number {
    const own = this.#minZooms.get(layer.id) ?? layer.minzoom ?? 0;
    this.#minZooms.set(layer.id, own);
    return overview ? Math.max(own, COUNTS_BELOW) : own;
  }

  #areaLevel(): number {
    const { areas, area, layer } = this.#state;
    return areas && layer === 'points' ? (ready(area)?.level ?? 0) : 0;
  }

  /** Whether a country is seen whole: its regions then say their counts, and points wait for a nearer look. */
  #overview(): boolean {
    const family = ready(this.#state.family);
    return family?.unit.level === 1 && this.#areaLevel() > 0;
  }

  #countTexts(): Map<string, string> | null {
    const area = ready(this.#state.area);
    if (!area || !this.#overview()) return null;
    const { lang } = this.#state;
    return new Map([...area.counts].map(([id, count]) => [id, count.toLocaleString(lang)]));
  }

  /** Takes away, adds and replaces layers until they are those that the state asks for. */
  #layers(): void {
    const { map } = this;
    if (!map.getSource('boundaries')) return;
    const { layer, show } = this.#state;
    const some = show.actors || show.events;
    const heat = layer === 'heat' && some && this.config.tilesets.includes('heat');
    if (heat && !map.getSource('heat')) {
      const url = ours('tiles/heat', this.config.edition ? { edition: this.config.edition } : {});
      map.addSource('heat', { type: 'vector', url, promoteId: 'id' });
    }
    const wanted = overlays({
      scheme: this.#scheme,
      family: ready(this.#state.family),
      areaLevel: this.#areaLevel(),
      counts: this.#countTexts(),
      name: nameIn(this.#state.lang),
      chosen: this.#chosen,
      heat,
    });
    this.#reconcile(wanted);
  }

  #reconcile({ below, above }: OverlayLayers): void {
    const { map } = this;
    const key = JSON.stringify([below, above]);
    if (key === this.#wanted) return;
    this.#wanted = key;
    const layers = map.getStyle().layers;
    const underLines = layers.find((l) => isLineOfUnits(l) && !l.id.startsWith(PAGE))?.id;
    const underPoints = layers.find((l) => 'source' in l && COLLECTIONS.some((c) => c === l.source))?.id;
    const places: [LayerSpecification, string | undefined][] = [
      ...below.map((layer): [LayerSpecification, string | undefined] => [layer, underLines]),
      ...above.map((layer): [LayerSpecification, string | undefined] => [layer, underPoints]),
    ];
    const wanted = new Map(places.map(([layer]) => [layer.id, JSON.stringify(layer)]));
    for (const [id, text] of this.#drawn) {
      if (wanted.get(id) === text) continue;
      if (map.getLayer(id)) map.removeLayer(id);
      this.#drawn.delete(id);
      if (id === `${PAGE}areas`) this.#coloured = '';
    }
    for (const [layer, before] of places) {
      if (this.#drawn.has(layer.id)) continue;
      map.addLayer(layer, before);
      this.#drawn.set(layer.id, wanted.get(layer.id) ?? '');
    }
  }

  /** Gives each unit the class of its count, as feature state: no tile is made anew. */
  #colour(): void {
    const area = ready(this.#state.area);
    const sourceLayer = this.areaLayer;
    if (!area || !sourceLayer) return;
    const key = JSON.stringify([area.within, area.level, [...area.counts]]);
    if (key === this.#coloured) return;
    this.#coloured = key;
    const classes = classify(area.counts.values());
    for (const [id, count] of area.counts) {
      const at = classOf(classes, count);
      const tone = at < 0 ? at : toneOf(at, classes.length);
      this.map.setFeatureState({ source: 'boundaries', sourceLayer, id }, { class: tone });
    }
  }

  /** The circle of "around me". */
  #near(): void {
    const { map } = this;
    const { near } = this.#state;
    const id = `${PAGE}near`;
    const data = circleData(near);
    const source = map.getSource<GeoJSONSource>(id);
    if (source) return void source.setData(data);
    if (!near) return;
    const colour = COLOURS[this.#scheme].ring;
    map.addSource(id, { type: 'geojson', data });
    map.addLayer({
      id: `${PAGE}near-fill`,
      type: 'fill',
      source: id,
      paint: { 'fill-color': colour, 'fill-opacity': 0.07 },
    });
    map.addLayer({
      id: `${PAGE}near-line`,
      type: 'line',
      source: id,
      paint: { 'line-color': colour, 'line-width': 2, 'line-dasharray': [3, 2] },
    });
  }
}

/** Boundaries, not the roads of a basemap below them. */
const isLineOfUnits = (layer: LayerSpecification) => layer.type === 'line' && layer.source === 'boundaries';

function circleData(near: Near | null): FeatureCollection {
  if (!near) return { type: 'FeatureCollection', features: [] };
  const ring = circle([near.lon, near.lat], near.radius);
  const geometry: Polygon = { type: 'Polygon', coordinates: [ring] };
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry }] };
}

/** Cells hold actors and events together: what only one of the two has narrows it. */
function heatQuery(state: State, config: Config): Query {
  const kinds = state.kinds.join(',');
  const both = { ...apiQuery(state, config, 'events'), ...apiQuery(state, config, 'actors') };
  const shown = COLLECTIONS.filter((collection) => state.show[collection]);
  const collections = shown.length < COLLECTIONS.length ? shown.join(',') : '';
  return { ...both, kind: kinds, collections };
}
