import bus from '@mapbox/maki/icons/bus.svg?raw';
import chargingStation from '@mapbox/maki/icons/charging-station.svg?raw';
import commercial from '@mapbox/maki/icons/commercial.svg?raw';
import hospital from '@mapbox/maki/icons/hospital.svg?raw';
import marker from '@mapbox/maki/icons/marker.svg?raw';
import mobilePhone from '@mapbox/maki/icons/mobile-phone.svg?raw';
import park from '@mapbox/maki/icons/park.svg?raw';
import pitch from '@mapbox/maki/icons/pitch.svg?raw';
import recycling from '@mapbox/maki/icons/recycling.svg?raw';
import restaurant from '@mapbox/maki/icons/restaurant.svg?raw';
import school from '@mapbox/maki/icons/school.svg?raw';
import theatre from '@mapbox/maki/icons/theatre.svg?raw';
import townHall from '@mapbox/maki/icons/town-hall.svg?raw';

/**
 * The icons that a theme may name, from the maki set (CC0). To use another one, import it above and add it here;
 * `marker` stands for a name that is not here and for what has no theme.
 */
const ICONS: Record<string, string> = {
  restaurant,
  hospital,
  recycling,
  bus,
  school,
  'town-hall': townHall,
  'charging-station': chargingStation,
  theatre,
  park,
  'mobile-phone': mobilePhone,
  commercial,
  pitch,
  marker,
};

/** The `d` of every path of an icon, drawn on a square of 15. */
export function iconPaths(name: string): string[] {
  const svg = ICONS[name] ?? marker;
  return [...svg.matchAll(/<path d="([^"]+)"/g)].map((match) => match[1] as string);
}

/** White where its WCAG contrast on the colour is at least 4, else near black. */
export function inkOn(colour: string): '#FFFFFF' | '#111111' {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= 4 ? '#FFFFFF' : '#111111';
}

export type Shape = 'actor' | 'event';
export const MARKER_SIZE = 26;

/** The marker of a theme: a disc for an actor, a square on its corner for an event; the icon inside, a white ring around. */
export function markerSvg(shape: Shape, colour: string, icon: string): string {
  const body =
    shape === 'actor'
      ? '<circle cx="13" cy="13" r="11"'
      : '<rect x="4.5" y="4.5" width="17" height="17" rx="3" transform="rotate(45 13 13)"';
  const glyph = shape === 'actor' ? 'translate(6.25 6.25) scale(.9)' : 'translate(7.375 7.375) scale(.75)';
  const paths = iconPaths(icon)
    .map((d) => `<path d="${d}"/>`)
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${MARKER_SIZE}" height="${MARKER_SIZE}" viewBox="0 0 26 26">${body} fill="${colour}" stroke="#fff" stroke-width="1.8"/><g fill="${inkOn(colour)}" transform="${glyph}">${paths}</g></svg>`;
}

export const CLUSTER_SIZE = 46;

/** The sign of an event cluster, the same square on its corner: its count is written over it. */
export function eventClusterSvg(colour: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CLUSTER_SIZE}" height="${CLUSTER_SIZE}" viewBox="0 0 46 46"><rect x="9" y="9" width="28" height="28" rx="5" transform="rotate(45 23 23)" fill="#fff6da" stroke="${colour}" stroke-width="3.5"/></svg>`;
}

export const svgUrl = (svg: string) => `data:image/svg+xml,${encodeURIComponent(svg)}`;
