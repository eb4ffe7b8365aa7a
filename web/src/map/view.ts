import {
  AttributionControl,
  LngLatBounds,
  type MapGeoJSONFeature,
  Map as MapLibre,
  type MapMouseEvent,
  Marker,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
  type VectorTileSource,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { PointCollection, Unit } from '../api.ts';
import type { Bbox, Config, Theme } from '../config.ts';
import { messages } from '../i18n/index.ts';
import { ours } from '../links.ts';
import type { LonLat, Notice, State } from '../state.ts';
import { CLUSTER_SIZE, eventClusterSvg, MARKER_SIZE, markerSvg, type Shape, svgUrl } from './icons.ts';
import {
  adaptStyle,
  clusterImageName,
  imageName,
  isAdminLabel,
  NO_THEME,
  nameIn,
  withThemes,
} from './style.ts';

setWorkerUrl(workerUrl);

const COLLECTIONS: readonly PointCollection[] = ['actors', 'events'];
const SHAPE: Record<PointCollection, Shape> = { actors: 'actor', events: 'event' };
const LEVEL_LAYER = [
  '',
  'countries',
  'regions',
  'departments',
  'intercommunalities',
  'municipalities',
  'neighbourhoods',
];
/** The last zoom that has tiles of points; beyond it MapLibre enlarges them. */
const POINTS_MAX_ZOOM = 14;
/** The width of map that the configured start zoom is meant for, in pixels. */
const WIDTH_OF_START = 800;
/** How far from the pointer a marker still counts as pressed, in pixels. */
const REACH = 5;

/** A point of a tile, as much as a tile says of it. */
export interface PickedPoint {
  collection: PointCollection;
  id: string;
  name: string;
  example: boolean;
  at: LonLat;
}

export interface MapEvents {
  place(at: LonLat): void;
  point(point: PickedPoint): void;
  /** several points, or a cluster that no zoom opens: what is in the box */
  crowd(bbox: Bbox): void;
  notice(notice: Notice): void;
}

/** The map: it draws the state, and tells what was pressed. Everything about MapLibre is in this folder. */
export class MapView {
  readonly #map: MapLibre;
  readonly #tiles = new Map<PointCollection, string[]>();
  readonly #pin = new Marker({ element: pinElement(), anchor: 'bottom' });
  #styled = false;
  #state: Pick<State, 'lang' | 'themes' | 'show'>;

  /** # Throws when the browser has no WebGL */
  constructor(
    container: HTMLElement,
    style: StyleSpecification,
    markers: ReadonlyMap<string, HTMLImageElement>,
    readonly config: Config,
    state: Pick<State, 'lang' | 'themes' | 'show'>,
    readonly events: MapEvents,
  ) {
    this.#state = state;
    const { lon, lat } = config.start;
    this.#map = new MapLibre({
      container,
      style: adaptStyle(style, config.themes, state.lang),
      center: [lon, lat],
      zoom: startZoom(config, container),
      hash: 'map',
      maxPitch: 0,
      dragRotate: false,
      touchPitch: false,
      attributionControl: false,
    });
    const map = this.#map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new ScaleControl({ unit: 'metric' }), 'top-left');
    map.addControl(
      new AttributionControl({ customAttribution: config.attribution.map(escapeHtml) }),
      'bottom-right',
    );
    map.on('style.load', () => {
      for (const [name, image] of markers) map.addImage(name, image, { pixelRatio: 2 });
      this.#styled = true;
      this.#localise();
    });
    this.#localise();

    map.on('styledata', () => this.#applyVisibility());
    map.on('sourcedata', (event) => {
      if (event.sourceDataType === 'metadata') this.#applyThemes();
    });
    map.on('error', (event) => {
      console.error(event.error);
      if ('status' in event.error || 'sourceId' in event) events.notice('tilesFailed');
    });
    map.on('click', (event) => this.#press(event));
    for (const layer of this.#pointLayers()) {
      map.on('mouseenter', layer, () => this.#cursor('pointer'));
      map.on('mouseleave', layer, () => this.#cursor(''));
    }
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key === 'Enter') events.place(this.centre());
    });
  }

  /** For the browser tests: the map on `window`, and a count of the times it came to rest on `body`. */
  exposeForTests(): void {
    (window as unknown as { __map: MapLibre }).__map = this.#map;
    let idle = 0;
    this.#map.on('idle', () => {
      idle += 1;
      document.body.dataset.mapIdle = String(idle);
    });
  }

  update(state: Pick<State, 'lang' | 'themes' | 'show'>): void {
    const before = this.#state;
    this.#state = state;
    if (state.lang !== before.lang) this.#localise();
    if (state.themes !== before.themes) this.#applyThemes();
    if (state.show !== before.show) this.#applyVisibility();
  }

  centre(): LonLat {
    const { lng, lat } = this.#map.getCenter().wrap();
    return [lng, lat];
  }

  bounds(): Bbox {
    const box = this.#map.getBounds();
    if (box.getEast() - box.getWest() >= 360)
      return [-180, clampLat(box.getSouth()), 180, clampLat(box.getNorth())];
    return [
      wrapLon(box.getWest()),
      clampLat(box.getSouth()),
      wrapLon(box.getEast()),
      clampLat(box.getNorth()),
    ];
  }

  zoomBy(steps: number): void {
    this.#map.zoomTo(Math.round(this.#map.getZoom() + steps));
  }

  goToBox([west, south, east, north]: Bbox): void {
    const bounds = new LngLatBounds([west, south], [east < west ? east + 360 : east, north]);
    this.#map.fitBounds(bounds, { padding: 40, maxZoom: 15, duration: 900 });
  }

  goToPoint(at: LonLat, zoom: number): void {
    this.#map.easeTo({ center: at, zoom: Math.max(zoom, this.#map.getZoom()), duration: 900 });
  }

  goToStart(): void {
    const { lon, lat } = this.config.start;
    const zoom = startZoom(this.config, this.#map.getContainer());
    this.#map.easeTo({ center: [lon, lat], zoom, duration: 900 });
  }

  /** Puts the pin on a point, or above the marker that is drawn there; null takes it away. */
  mark(at: LonLat | null, aboveMarker = false): void {
    if (!at) this.#pin.remove();
    else
      this.#pin
        .setOffset([0, aboveMarker ? -MARKER_SIZE / 2 : 0])
        .setLngLat(at)
        .addTo(this.#map);
  }

  /** Draws the outline of one unit above the other boundaries; null takes it away. */
  outline(unit: Pick<Unit, 'id' | 'level'> | null): void {
    const map = this.#map;
    for (const id of ['chosen-unit', 'chosen-unit-casing']) if (map.getLayer(id)) map.removeLayer(id);
    const sourceLayer = LEVEL_LAYER[unit?.level ?? 0];
    if (!unit || !sourceLayer || !map.getSource('boundaries')) return;
    const above = map.getLayer('actor-clusters') ? 'actor-clusters' : undefined;
    const add = (id: string, color: string, width: number) =>
      map.addLayer(
        {
          id,
          type: 'line',
          source: 'boundaries',
          'source-layer': sourceLayer,
          filter: ['==', ['get', 'id'], unit.id],
          layout: { 'line-join': 'round' },
          paint: { 'line-color': color, 'line-width': width },
        },
        above,
      );
    add('chosen-unit-casing', '#FFFFFF', 5);
    add('chosen-unit', '#0B5C7A', 2.5);
  }

  /**
   * Asks again for every TileJSON, and for the tiles in view. The sources are made anew: a tile that has failed stays
   * so in MapLibre 6.17, whatever its source is told.
   */
  retry(): void {
    this.#styled = false;
    this.#map.setStyle(this.#map.getStyle(), { diff: false });
  }

  #localise(): void {
    const text = messages(this.#state.lang);
    const map = this.#map;
    map.getCanvas().setAttribute('aria-label', text.map);
    const toggle = map.getContainer().querySelector('.maplibregl-ctrl-attrib-button');
    for (const name of ['title', 'aria-label']) toggle?.setAttribute(name, text.toggleSources);
    if (!this.#styled) return; // it is done when the style is there
    for (const layer of map.getStyle().layers.filter(isAdminLabel)) {
      map.setLayoutProperty(layer.id, 'text-field', nameIn(this.#state.lang));
    }
  }

  #applyThemes(): void {
    for (const id of COLLECTIONS) {
      const source = this.#map.getSource<VectorTileSource>(id);
      if (!source?.tiles) continue; // its TileJSON is on the way, and ends in `metadata`
      const base = this.#tiles.get(id) ?? source.tiles;
      this.#tiles.set(id, base);
      const tiles = base.map((url) => withThemes(url, this.#state.themes));
      if (tiles.join() !== source.tiles.join()) source.setTiles(tiles);
    }
  }

  #applyVisibility(): void {
    for (const layer of this.#map.getStyle()?.layers ?? []) {
      if (!('source' in layer)) continue;
      const shown = this.#state.show[layer.source as PointCollection] ?? true;
      const visibility = shown ? 'visible' : 'none';
      if ((this.#map.getLayoutProperty(layer.id, 'visibility') ?? 'visible') !== visibility) {
        this.#map.setLayoutProperty(layer.id, 'visibility', visibility);
      }
    }
  }

  #pointLayers(): string[] {
    return Object.values(SHAPE).flatMap((shape) => [`${shape}-points`, `${shape}-clusters`]);
  }

  #cursor(cursor: string): void {
    this.#map.getCanvas().style.cursor = cursor;
  }

  #press(event: MapMouseEvent): void {
    const map = this.#map;
    const { x, y } = event.point;
    const layers = this.#pointLayers().filter((layer) => map.getLayer(layer));
    const exact = map.queryRenderedFeatures(event.point, { layers });
    const near = () =>
      map.queryRenderedFeatures(
        [
          [x - REACH, y - REACH],
          [x + REACH, y + REACH],
        ],
        { layers },
      );
    const features = exact.length > 0 ? exact : near();
    const points = features.map(pickedPoint).filter((point) => point !== null);
    const [top] = features; // what is drawn above is what was meant
    const one = top && pickedPoint(top);
    if (one) {
      if (points.every((point) => point.id === one.id)) this.events.point(one);
      else
        this.events.crowd(
          around(
            points.map((point) => point.at),
            map.getZoom(),
          ),
        );
    } else if (top) {
      const at = position(top);
      const zoom = Number(top.properties.expansion_zoom ?? Number.NaN);
      if (zoom > map.getZoom()) map.easeTo({ center: at, zoom });
      else this.events.crowd(around([at], map.getZoom()));
    } else {
      const { lng, lat } = event.lngLat.wrap();
      this.events.place([lng, lat]);
    }
  }
}

/** The zoom to start with is meant for a desk; a narrower map starts further out, to hold the same land. */
function startZoom({ start }: Config, container: HTMLElement): number {
  return start.zoom - Math.max(0, Math.log2(WIDTH_OF_START / Math.max(container.clientWidth, 1)));
}

/** Draws the marker of every theme, and of none, for actors and for events. */
export async function drawMarkers(themes: readonly Theme[]): Promise<Map<string, HTMLImageElement>> {
  const markers = new Map<string, HTMLImageElement>();
  const add = (name: string, svg: string, size: number) => {
    const image = new Image(size * 2, size * 2);
    image.src = svgUrl(svg);
    markers.set(name, image);
  };
  for (const { code, colour, icon } of [{ code: 'none', ...NO_THEME }, ...themes]) {
    for (const shape of Object.values(SHAPE)) {
      add(imageName(shape, code), markerSvg(shape, colour, icon), MARKER_SIZE);
    }
    add(clusterImageName(code), eventClusterSvg(colour), CLUSTER_SIZE);
  }
  await Promise.all([...markers.values()].map((image) => image.decode()));
  return markers;
}

function position(feature: MapGeoJSONFeature): LonLat {
  const [lon, lat] = (feature.geometry as unknown as { coordinates: LonLat }).coordinates;
  return [wrapLon(lon), lat];
}

function pickedPoint(feature: MapGeoJSONFeature): PickedPoint | null {
  const collection = COLLECTIONS.find((name) => name === feature.sourceLayer);
  if (!collection) return null;
  const { id, name, example } = feature.properties;
  return {
    collection,
    id: String(id),
    name: String(name ?? ''),
    example: example === true,
    at: position(feature),
  };
}

/** The smallest box around points read from tiles: a tile rounds them, so it is widened by one step of its grid. */
export function around(points: readonly LonLat[], zoom: number): Bbox {
  const step = 360 / 2 ** Math.min(Math.floor(zoom), POINTS_MAX_ZOOM) / 4096;
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return [
    Math.min(...lons) - step,
    Math.min(...lats) - step,
    Math.max(...lons) + step,
    Math.max(...lats) + step,
  ];
}

const wrapLon = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;
const clampLat = (lat: number) => Math.min(90, Math.max(-90, lat));

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function pinElement(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'pin';
  element.setAttribute('aria-hidden', 'true');
  return element;
}

/** Reads the style that the server gives for this territory. */
export async function fetchStyle(config: Config): Promise<StyleSpecification> {
  const response = await fetch(ours(`styles/${config.styles[0] ?? 'parvis-light'}.json`));
  if (!response.ok) throw new Error(`style: ${response.status}`);
  return (await response.json()) as StyleSpecification;
}
