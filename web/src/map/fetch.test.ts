import type { StyleSpecification } from 'maplibre-gl';
import { afterEach, expect, test, vi } from 'vitest';
import { fetchStyle, lay } from './fetch.ts';

const ours: StyleSpecification = {
  version: 8,
  sprite: 'https://example.org/sprites/parvis',
  sources: {
    ground: { type: 'geojson', data: 'x' },
    boundaries: { type: 'vector', url: 'https://example.org/tiles/boundaries' },
  },
  layers: [
    { id: 'background', type: 'background' },
    { id: 'foreign-borders', type: 'line', source: 'ground' },
    { id: 'countries', type: 'fill', source: 'boundaries', 'source-layer': 'countries' },
    { id: 'line-regions', type: 'line', source: 'boundaries', 'source-layer': 'boundary_lines' },
  ],
};
const theirs: StyleSpecification = {
  version: 8,
  glyphs: 'https://tiles.example/{fontstack}/{range}.pbf',
  sources: { plan: { type: 'vector', url: 'https://tiles.example/plan' } },
  layers: [
    { id: 'sea', type: 'background' },
    { id: 'roads', type: 'line', source: 'plan', 'source-layer': 'roads' },
  ],
};

afterEach(() => vi.unstubAllGlobals());

test('a basemap elsewhere takes the place of our ground, below our lines', () => {
  const style = lay(theirs, ours);
  expect(style.layers.map((layer) => layer.id)).toEqual(['sea', 'roads', 'line-regions']);
  expect(Object.keys(style.sources)).toEqual(['plan', 'boundaries']);
  expect(style.glyphs).toBe(theirs.glyphs);
  expect(lay({ version: 7 } as unknown as StyleSpecification, ours)).toBe(ours);
});

test('a basemap that does not answer leaves our own ground', async () => {
  const answer = async (url: string) => {
    if (url.startsWith('https://tiles.example')) throw new TypeError('offline');
    return new Response(JSON.stringify(ours));
  };
  vi.stubGlobal('fetch', vi.fn(answer));
  const missing = vi.fn();
  const style = await fetchStyle('parvis-light', 'https://tiles.example/style.json', missing);
  expect(style).toEqual(ours);
  expect(missing).toHaveBeenCalledOnce();
});
