import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, test } from 'vitest';
import type { Family, Unit } from '../api/types.ts';
import { circle } from './geometry.ts';
import { heatStops, heatTop, overlays } from './overlays.ts';

const unit = (level: number, id: string): Unit => ({ level, id, code: null, name: id, bbox: [0, 0, 1, 1] });
const family: Family = {
  unit: unit(3, 'department:974'),
  ancestors: [unit(1, 'country:FR'), unit(2, 'region:04')],
  children: [],
};

const counts = new Map([
  ['region:04', '1 461'],
  ['region:53', '12'],
]);

test('the layers of the page are valid in both lights', () => {
  for (const scheme of ['light', 'dark'] as const) {
    const { below, above } = overlays({
      scheme,
      family,
      areaLevel: 2,
      counts,
      name: ['get', 'name'],
      chosen: 'municipality:97411',
      heat: true,
    });
    const style = {
      version: 8 as const,
      sources: {
        boundaries: { type: 'vector' as const, url: 'https://example.org/b' },
        heat: { type: 'vector' as const, url: 'https://example.org/h' },
      },
      layers: [...below, ...above],
      glyphs: 'https://example.org/{fontstack}/{range}.pbf',
    };
    expect(validateStyleMin(style as Parameters<typeof validateStyleMin>[0])).toEqual([]);
  }
});

test('what is paled is beside the way down, at each level', () => {
  const { below } = overlays({
    scheme: 'light',
    family,
    areaLevel: 0,
    counts: null,
    name: ['get', 'name'],
    chosen: null,
    heat: false,
  });
  expect(below.map((layer) => ('filter' in layer ? layer.filter : null))).toEqual([
    ['all', ['!=', ['get', 'id'], 'country:FR']],
    ['all', ['==', ['get', 'country_id'], 'country:FR'], ['!=', ['get', 'id'], 'region:04']],
    ['all', ['==', ['get', 'region_id'], 'region:04'], ['!=', ['get', 'id'], 'department:974']],
  ]);
});

test('a circle is closed and as wide as it says', () => {
  const ring = circle([55.5, -21], 10_000);
  expect(ring[0]).toEqual(ring.at(-1));
  const north = Math.max(...ring.map(([, lat]) => lat));
  expect((north + 21) * 111_195).toBeCloseTo(10_000, -2);
});

test('the colours of cells stand for less where cells are smaller', () => {
  expect([0, 5.9, 6, 9, 14].map(heatTop)).toEqual([10_000, 10_000, 1_000, 100, 20]);
  expect(heatStops(10_000).map(Math.round)).toEqual([1, 10, 100, 1_000, 10_000]);
});
