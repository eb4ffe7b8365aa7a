import type { Bbox } from '../config.ts';
import type { Messages } from '../i18n/index.ts';

/** The parts of France that a map cannot show at once, west, south, east, north. */
export const TERRITORIES: Record<keyof Messages['territory'], Bbox> = {
  hexagone: [-5.2, 41.3, 9.6, 51.1],
  guadeloupe: [-61.82, 15.82, -60.99, 16.52],
  martinique: [-61.24, 14.38, -60.8, 14.89],
  guyane: [-54.61, 2.11, -51.61, 5.76],
  reunion: [55.21, -21.4, 55.84, -20.87],
  mayotte: [45.01, -13.01, 45.31, -12.63],
};

/** Whether the middle of `inner` lies in `outer`, which may cross the antimeridian (west > east). */
export function contains(outer: Bbox, inner: Bbox): boolean {
  const [lon, lat] = [(inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2];
  const [west, south, east, north] = outer;
  const between = west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
  return between && lat >= south && lat <= north;
}

/** The parts that `bounds` holds; none when there is only one, for then the start view is that part. */
export function jumps(bounds: Bbox): (keyof Messages['territory'])[] {
  const keys = Object.keys(TERRITORIES) as (keyof Messages['territory'])[];
  const held = keys.filter((key) => contains(bounds, TERRITORIES[key]));
  return held.length > 1 ? held : [];
}
