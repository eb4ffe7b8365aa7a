import type { Bbox } from '../config.ts';
import type { LonLat } from '../state/model.ts';

/** The last zoom that has tiles of points; beyond it MapLibre enlarges them. */
export const POINTS_MAX_ZOOM = 14;

export const wrapLon = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;
export const clampLat = (lat: number) => Math.min(90, Math.max(-90, lat));

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

const EARTH_RADIUS_M = 6_371_008.8;

/** A ring of the points that lie `metres` from a place, on a sphere: to be drawn, not to be counted by. */
export function circle([lon, lat]: LonLat, metres: number, steps = 72): LonLat[] {
  const [p, l, d] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180, metres / EARTH_RADIUS_M];
  return Array.from({ length: steps + 1 }, (_, i): LonLat => {
    const bearing = (2 * Math.PI * (i % steps)) / steps;
    const phi = Math.asin(Math.sin(p) * Math.cos(d) + Math.cos(p) * Math.sin(d) * Math.cos(bearing));
    const lambda =
      l +
      Math.atan2(Math.sin(bearing) * Math.sin(d) * Math.cos(p), Math.cos(d) - Math.sin(p) * Math.sin(phi));
    return [(lambda * 180) / Math.PI, (phi * 180) / Math.PI];
  });
}

/** Metres between two places, on a sphere: to be read, not to be counted by. */
export function distance([lon, lat]: LonLat, [otherLon, otherLat]: LonLat): number {
  const [p, q, dLon] = [lat, otherLat, otherLon - lon].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const h = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

export function boxOfCircle(at: LonLat, metres: number): Bbox {
  const ring = circle(at, metres);
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
