import type { Map as MapLibre, MapMouseEvent, Point } from 'maplibre-gl';
import { markElement } from './markers.ts';
import { type Under, under } from './press.ts';

/** What the tip beside the pointer says; null says nothing. */
export type TipText = (found: Under) => string | null;

/** What a tip needs above the pointer, in pixels. */
const ROOM_ABOVE = 96;

/** Shows what the pointer is over: a tip, a hand, a unit lit up. Only for pointers that hover. */
export class Hover {
  readonly #tip = markElement('tip');
  #lit: { source: string; sourceLayer: string; id: string } | null = null;
  #frame = 0;

  constructor(
    readonly map: MapLibre,
    readonly text: TipText,
    readonly areaLayer: () => string | null,
  ) {
    this.#tip.hidden = true;
    map.getContainer().append(this.#tip);
    map.on('mousemove', (event) => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.#over(event));
    });
    map.on('mouseout', () => this.clear());
    map.on('movestart', () => this.clear());
  }

  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#tip.hidden = true;
    this.#light(null);
    this.map.getCanvas().style.cursor = '';
  }

  #over(event: MapMouseEvent): void {
    if (this.map.isMoving()) return;
    const found = under(this.map, event.point, false);
    this.map.getCanvas().style.cursor = found.kind === 'nothing' ? '' : 'pointer';
    this.#light(found.kind === 'area' ? found.id : null);
    const text = this.text(found);
    this.#tip.hidden = !text;
    if (text) this.#say(text, event.point);
  }

  /** Above the pointer, below it near the upper edge; at the sides it leans inwards. */
  #say(text: string, { x, y }: Point): void {
    const tip = this.#tip;
    tip.textContent = text;
    const lean = (-100 * x) / this.map.getContainer().clientWidth;
    const rise = y < ROOM_ABOVE ? '1.5rem' : 'calc(-100% - 0.75rem)';
    tip.style.transform = `translate(${x}px, ${y}px) translate(${lean}%, ${rise})`;
  }

  #light(id: string | null): void {
    if (this.#lit?.id === id) return;
    const { map } = this;
    if (this.#lit && map.getSource('boundaries')) map.setFeatureState(this.#lit, { hover: false });
    const sourceLayer = this.areaLayer();
    this.#lit = id && sourceLayer ? { source: 'boundaries', sourceLayer, id } : null;
    if (this.#lit) map.setFeatureState(this.#lit, { hover: true });
  }
}
