/** Where a map is, as a hash says it. */
export interface Place {
  zoom: number;
  lat: number;
  lon: number;
}

/** Reads `#map=12/-20.88/55.45`, or the old `#12/-20.88/55.45`; null when it is neither or is nowhere on earth. */
export function readHash(hash: string): Place | null {
  const text = hash.replace(/^#/, '');
  const named = new URLSearchParams(text).get('map');
  const parts = (named ?? text).split('/');
  if (parts.length < 3 || parts.some((part) => part.trim() === '')) return null;
  const [zoom, lat, lon] = parts.map(Number) as [number, number, number];
  const fits = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 90 && Math.abs(lon) <= 360;
  return fits ? { zoom, lat, lon } : null;
}

export const writeHash = ({ zoom, lat, lon }: Place): string => {
  const digits = Math.max(2, Math.ceil((zoom * Math.LN2 + Math.log(512 / 360 / 0.5)) / Math.LN10));
  return `#map=${Number(zoom.toFixed(2))}/${Number(lat.toFixed(digits))}/${Number(lon.toFixed(digits))}`;
};
