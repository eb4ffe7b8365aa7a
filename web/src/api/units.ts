import { getJson } from './client.ts';
import { segment } from './features.ts';
import type { Family, SearchResult, Unit } from './types.ts';

export const unitPath = (id: string) => `admin-units/${segment(id)}`;

export async function lookup(lon: number, lat: number, signal?: AbortSignal): Promise<Unit[]> {
  const query = { lon: lon.toFixed(6), lat: lat.toFixed(6) };
  const { units } = await getJson<{ units: Unit[] }>('lookup', query, signal);
  return units.toSorted((a, b) => a.level - b.level);
}

interface Relatives {
  unit: Unit;
  units: Unit[];
}

const relatives = (id: string, which: 'ancestors' | 'children', signal?: AbortSignal) =>
  getJson<Relatives>(`${unitPath(id)}/${which}`, {}, signal);

export async function family(id: string, signal?: AbortSignal): Promise<Family> {
  const [above, below] = await Promise.all([
    relatives(id, 'ancestors', signal),
    relatives(id, 'children', signal),
  ]);
  return { unit: above.unit, ancestors: above.units, children: below.units };
}

export const children = async (id: string, signal?: AbortSignal): Promise<Unit[]> =>
  (await relatives(id, 'children', signal)).units;

/** The countries there are. */
export async function countries(signal?: AbortSignal): Promise<Unit[]> {
  const { values } = await getJson<{ values: { value: string; label?: string }[] }>(
    'collections/municipalities/aggregate',
    { by: 'country' },
    signal,
  );
  return values.map(({ value, label }) => ({
    level: 1,
    id: value,
    code: value.slice(value.indexOf(':') + 1),
    name: label ?? value,
  }));
}

export const search = async (q: string, lang: string, limit: number, signal?: AbortSignal) =>
  (await getJson<{ results: SearchResult[] }>('search', { q, limit, lang }, signal)).results;
