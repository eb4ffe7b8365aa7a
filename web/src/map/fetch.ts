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

/** Reads a style as the server gives it for this territory. */
export async function fetchStyle(name: string): Promise<StyleSpecification> {
  const response = await fetch(ours(`styles/${name}.json`));
  if (!response.ok) throw new Error(`style: ${response.status}`);
  return (await response.json()) as StyleSpecification;
}
