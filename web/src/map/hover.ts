import { type Map as MapLibre, type MapMouseEvent, Popup } from 'maplibre-gl';
import { type Under, under } from './press.ts';

/** What the tip beside the pointer says; null says nothing. */
export type TipText = (found: Under) => string | null;

/** Shows what the pointer is over: a tip, a hand, a unit lit up. Only for pointers that hover. */
export class Hover {
  readonly #tip = new Popup({
    closeButton: false,
    closeOnClick: false,
    className: 'tip',
    offset: 14,
    maxWidth: '260px',
  });
  #lit: { source: string; sourceLayer: string; id: string } | null = null;
  #frame = 0;

  constructor(
    readonly map: MapLibre,
    readonly text: TipText,
    readonly areaLayer: () => string | null,
  ) {
    map.on('mousemove', (event) => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.#over(event));
    });
    map.on('mouseout', () => this.clear());
    map.on('movestart', () => this.clear());
  }

  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#tip.remove();
    this.#light(null);
    this.map.getCanvas().style.cursor = '';
  }

  #over(event: MapMouseEvent): void {
    if (this.map.isMoving()) return;
    const found = under(this.map, event.point, false);
    this.map.getCanvas().style.cursor = found.kind === 'nothing' ? '' : 'pointer';
    this.#light(found.kind === 'area' ? found.id : null);
    const text = this.text(found);
    if (!text) return void this.#tip.remove();
    this.#tip.setLngLat(event.lngLat).setText(text);
    if (!this.#tip.isOpen()) this.#tip.addTo(this.map);
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
