import {
  AttributionControl,
  LngLatBounds,
  Map as MapLibre,
  type MapMouseEvent,
  Marker,
  type PaddingOptions,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Bbox, Config } from '../config.ts';
import { messages } from '../i18n/index.ts';
import { type LonLat, levelOf, type Near, type Scheme } from '../state/model.ts';
import type { Notice, State } from '../state/state.ts';
import { around, boxOfCircle, clampLat, wrapLon } from './geometry.ts';
import { Hover } from './hover.ts';
import { MARKER_SIZE } from './icons.ts';
import { locale } from './locale.ts';
import { markElement } from './markers.ts';
import { type PickedPoint, under } from './press.ts';
import { Scene } from './scene.ts';
import { adaptStyle } from './style.ts';
import { tipText } from './tip.ts';

export type { PickedPoint } from './press.ts';

setWorkerUrl(workerUrl);

/** The size of map that the configured start zoom is meant for, in pixels. */
const START = { width: 800, height: 728 };
const FLIGHT_MS = 900;
/** How long names take to appear. */
const FADE_MS = 300;
/** Below this width the sources are folded behind their sign, in pixels. */
const NARROW = 1000;
/** As far as the legend reaches from the left, in pixels. */
const LEGEND = 268;

export interface MapEvents {
  /** the map came to rest on a box */
  moved(box: Bbox): void;
  place(at: LonLat): void;
  picked(point: PickedPoint): void;
  /** several points, or a cluster that no zoom opens: what is in the box */
  crowd(at: LonLat, bbox: Bbox): void;
  /** a unit of the coloured level */
  enter(id: string): void;
  notice(notice: Notice): void;
}

export interface MapOptions {
  style: StyleSpecification;
  markers: ReadonlyMap<string, HTMLImageElement>;
  scheme: Scheme;
  /** whether a wheel and one finger are left to the page that frames this one */
  cooperative: boolean;
}

/** The map: it draws the state, and tells what was pressed. Everything about MapLibre is in this folder. */
export class MapView {
  readonly #map: MapLibre;
  readonly #scene: Scene;
  readonly #pin = new Marker({ element: markElement('pin'), anchor: 'bottom' });
  readonly #ring = new Marker({ element: markElement('ring') });
  readonly #coarse = matchMedia('(pointer: coarse)').matches;
  #state: State;

  /** # Throws when the browser has no WebGL */
  constructor(
    container: HTMLElement,
    { style, markers, scheme, cooperative }: MapOptions,
    readonly config: Config,
    state: State,
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
      cooperativeGestures: cooperative,
      fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : FADE_MS,
      locale: locale(state.lang),
    });
    const map = this.#map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
    map.addControl(
      new AttributionControl({ compact: true, customAttribution: config.attribution.map(escapeHtml) }),
      'bottom-right',
    );
    if (container.clientWidth < NARROW) foldSources(container);
    this.#scene = new Scene(map, config, markers, scheme, state);
    this.#label();
    map.on('error', (event) => this.#failed(event));
    map.on('moveend', () => events.moved(this.bounds()));
    map.on('click', (event) => this.#press(event));
    map.on('contextmenu', (event) => this.#placeOf(event));
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key === 'Enter') events.place(this.centre());
    });
    if (matchMedia('(hover: hover)').matches) {
      new Hover(
        map,
        (found) => tipText(this.#state, found),
        () => this.#scene.areaLayer,
      );
    }
    events.moved(this.bounds());
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

  update(state: State): void {
    const { lang } = this.#state;
    this.#state = state;
    if (state.lang !== lang) this.#label();
    this.#scene.update(state);
  }

  /** Takes another style, as when the light goes out. */
  restyle(style: StyleSpecification, scheme: Scheme): void {
    this.#scene.restyle(adaptStyle(style, this.config.themes, this.#state.lang), scheme);
  }

  centre(): LonLat {
    const { lng, lat } = this.#map.getCenter().wrap();
    return [lng, lat];
  }

  zoom(): number {
    return this.#map.getZoom();
  }

  bounds(): Bbox {
    const box = this.#map.getBounds();
    const [south, north] = [clampLat(box.getSouth()), clampLat(box.getNorth())];
    if (box.getEast() - box.getWest() >= 360) return [-180, south, 180, north];
    return [wrapLon(box.getWest()), south, wrapLon(box.getEast()), north];
  }

  zoomBy(steps: number): void {
    this.#map.zoomTo(Math.round(this.#map.getZoom() + steps));
  }

  goToBox([west, south, east, north]: Bbox): void {
    const bounds = new LngLatBounds([west, south], [east < west ? east + 360 : east, north]);
    // the first view is not flown to
    const duration = this.#map.loaded() ? FLIGHT_MS : 0;
    this.#map.fitBounds(bounds, { padding: this.#padding(), maxZoom: 15, duration });
  }

  goToCircle({ lon, lat, radius }: Near): void {
    this.goToBox(boxOfCircle([lon, lat], radius));
  }

  /** Shows a point, from near enough to tell it from its neighbours, moving no more than that needs. */
  reveal(at: LonLat): void {
    const map = this.#map;
    const near = map.getZoom() >= 13 && map.getBounds().contains(at);
    if (!near) map.easeTo({ center: at, zoom: Math.max(13.5, map.getZoom()), duration: FLIGHT_MS });
  }

  goToStart(): void {
    const { lon, lat } = this.config.start;
    const zoom = startZoom(this.config, this.#map.getContainer());
    this.#map.easeTo({ center: [lon, lat], zoom, duration: FLIGHT_MS });
  }

  /** Puts the pin on a point, or above the marker that is drawn there; null takes it away. */
  mark(at: LonLat | null, aboveMarker = false): void {
    if (!at) return void this.#pin.remove();
    this.#pin.setOffset([0, aboveMarker ? -MARKER_SIZE / 2 : 0]);
    this.#pin.setLngLat(at).addTo(this.#map);
  }

  /** Puts a ring around a point that a list points at; null takes it away. */
  highlight(at: LonLat | null): void {
    if (at) this.#ring.setLngLat(at).addTo(this.#map);
    else this.#ring.remove();
  }

  /** Draws the outline of one unit above the other boundaries; null takes it away. */
  outline(id: string | null): void {
    this.#scene.choose(id && levelOf(id) > 0 ? id : null);
  }

  focus(): void {
    this.#map.getCanvas().focus();
  }

  /** The canvas has another size than when it was last drawn. */
  resize(): void {
    this.#map.resize();
  }

  /**
   * Asks again for every TileJSON, and for the tiles in view. The sources are made anew: a tile that has failed stays
   * so in MapLibre 6.17, whatever its source is told.
   */
  retry(): void {
    this.#scene.restyle(this.#map.getStyle(), null);
  }

  /** Around what is shown whole; where there is room, the legend covers none of it. */
  #padding(): PaddingOptions {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const all = Math.max(8, Math.min(48, Math.min(clientWidth, clientHeight) * 0.08));
    const bottom = all + Math.min(this.#covered(), clientHeight * 0.6);
    return { top: all, bottom, right: all, left: clientWidth < NARROW ? all : LEGEND };
  }

  /** How much of the foot of the map the sheet of a phone covers, in pixels. */
  #covered(): number {
    const map = this.#map.getContainer().getBoundingClientRect();
    const sheet = document.querySelector('.panel')?.getBoundingClientRect();
    return sheet && sheet.right > map.left && sheet.top > map.top ? Math.max(0, map.bottom - sheet.top) : 0;
  }

  #label(): void {
    const text = messages(this.#state.lang);
    const container = this.#map.getContainer();
    this.#map.getCanvas().setAttribute('aria-label', text.map);
    const toggle = container.querySelector('.maplibregl-ctrl-attrib-button');
    for (const name of ['title', 'aria-label']) toggle?.setAttribute(name, text.maplibre.toggleSources);
  }

  #failed(event: { error: { message?: string }; sourceId?: string }): void {
    console.warn(event.error.message);
    const { sourceId } = event;
    if (!sourceId && !('status' in event.error)) return;
    const ours = !sourceId || ['boundaries', 'actors', 'events', 'heat'].includes(sourceId);
    if (!navigator.onLine) this.events.notice('offline');
    else this.events.notice(ours ? 'tilesFailed' : 'basemapFailed');
  }

  #placeOf(event: MapMouseEvent): void {
    const { lng, lat } = event.lngLat.wrap();
    this.events.place([lng, lat]);
  }

  #press(event: MapMouseEvent): void {
    const map = this.#map;
    const found = under(map, event.point, this.#coarse);
    const zoom = map.getZoom();
    const zoomTo = (center: LonLat, to: number) => map.easeTo({ center, zoom: to, duration: FLIGHT_MS / 2 });
    if (found.kind === 'point') this.events.picked(found.point);
    else if (found.kind === 'crowd') this.events.crowd(found.points[0] as LonLat, around(found.points, zoom));
    else if (found.kind === 'cluster') {
      const { at, expansionZoom } = found;
      if (expansionZoom !== null && expansionZoom > zoom) zoomTo(at, expansionZoom);
      else this.events.crowd(at, around([at], zoom));
    } else if (found.kind === 'cell') zoomTo(found.at, Math.min(zoom + 2, 14));
    else if (found.kind === 'area') this.events.enter(found.id);
    else this.#placeOf(event);
  }
}

/** The zoom to start with is meant for a desk; a smaller map starts further out, to hold the same land. */
function startZoom({ start }: Config, { clientWidth, clientHeight }: HTMLElement): number {
  const small = Math.max(1, START.width / Math.max(clientWidth, 1), START.height / Math.max(clientHeight, 1));
  return start.zoom - Math.log2(small);
}

function foldSources(container: HTMLElement): void {
  const sources = container.querySelector('.maplibregl-ctrl-attrib');
  sources?.classList.remove('maplibregl-compact-show');
  sources?.removeAttribute('open');
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
