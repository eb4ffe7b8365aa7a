import type { StyleSpecification } from 'maplibre-gl';
import type { Config } from '../config.ts';
import { ours } from '../links.ts';
import type { Scheme } from '../state/model.ts';

/** The style for a light: the page's own one, where the server has it. */
export function styleFor({ styles }: Config, scheme: Scheme): string {
  const wanted = `parvis-${scheme}`;
  return styles.includes(wanted)
    ? wanted
    : (styles.find((name) => name === 'parvis-light') ?? styles[0] ?? wanted);
}

/** The light that a style is made for: where the server has none for the dark, the map stays light. */
export const lightOf = (style: string): Scheme => (style.endsWith('-dark') ? 'dark' : 'light');

/** How long a basemap elsewhere may take before the map does without, in milliseconds. */
const PATIENCE = 4000;

/**
 * Reads a style as the server gives it for this territory; `basemap`: the address of a style that goes below it. Where that
 * one does not come in time, or is none, ours has its own ground, and `missing` is told.
 */
export async function fetchStyle(
  name: string,
  basemap: string | null = null,
  missing: () => void = () => undefined,
): Promise<StyleSpecification> {
  const [style, below] = await Promise.all([
    read(ours(`styles/${name}.json`)),
    basemap ? read(basemap, AbortSignal.timeout(PATIENCE)).catch(() => null) : null,
  ]);
  if (basemap && !(below && isStyle(below))) missing();
  return below ? lay(below, style) : style;
}

async function read(url: string, signal?: AbortSignal): Promise<StyleSpecification> {
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok) throw new Error(`style: ${response.status}`);
  return (await response.json()) as StyleSpecification;
}

/** Our lines, names and points over another style; the ground that ours has is the other's. */
export function lay(below: StyleSpecification, above: StyleSpecification): StyleSpecification {
  if (!isStyle(below)) return above;
  const { ground: _, ...sources } = above.sources;
  const isGround = (layer: StyleSpecification['layers'][number]) =>
    layer.type === 'background' || layer.type === 'fill' || ('source' in layer && layer.source === 'ground');
  const kept = above.layers.filter((layer) => !isGround(layer));
  const known = new Set(kept.map((layer) => layer.id));
  const { sprite: __, ...rest } = above;
  return {
    ...rest,
    ...(below.sprite ? { sprite: below.sprite } : {}),
    ...(below.glyphs ? { glyphs: below.glyphs } : {}),
    sources: { ...below.sources, ...sources },
    layers: [...below.layers.filter((layer) => !known.has(layer.id)), ...kept],
  };
}

const isStyle = ({ version, layers, sources }: StyleSpecification) =>
  version === 8 && Array.isArray(layers) && typeof sources === 'object';
