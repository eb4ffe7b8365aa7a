import type { Theme } from '../config.ts';
import { CLUSTER_SIZE, eventClusterSvg, MARKER_SIZE, markerSvg, svgUrl } from './icons.ts';
import { clusterImageName, imageName, NO_THEME, SHAPES } from './style.ts';

/** Draws the marker of every theme, and of none, for actors and for events. */
export async function drawMarkers(themes: readonly Theme[]): Promise<Map<string, HTMLImageElement>> {
  const markers = new Map<string, HTMLImageElement>();
  const add = (name: string, svg: string, size: number) => {
    const image = new Image(size * 2, size * 2);
    image.src = svgUrl(svg);
    markers.set(name, image);
  };
  for (const { code, colour, icon } of [{ code: 'none', ...NO_THEME }, ...themes]) {
    for (const shape of SHAPES) add(imageName(shape, code), markerSvg(shape, colour, icon), MARKER_SIZE);
    add(clusterImageName(code), eventClusterSvg(colour), CLUSTER_SIZE);
  }
  await Promise.all([...markers.values()].map((image) => image.decode()));
  return markers;
}

/** An element for MapLibre to keep on a place; it says nothing, the card and the list do. */
export function markElement(name: string): HTMLElement {
  const element = document.createElement('div');
  element.className = name;
  element.setAttribute('aria-hidden', 'true');
  return element;
}
