import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type StyleSpecification, validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import type { StyleSpecification as MapStyle } from 'maplibre-gl';
import { describe, expect, test } from 'vitest';
import type { Theme } from '../config.ts';
import { adaptStyle, isAdminLabel } from './style.ts';
import { withFilter } from './tiles.ts';

const folder = resolve(import.meta.dirname, '../../../styles');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** The style as the server sends it. */
function served(file: string): StyleSpecification {
  const text = readFileSync(resolve(folder, file), 'utf8')
    .replaceAll('{base}', 'https://example.org/carto')
    .replaceAll('{edition}', '2026-11-21T10-00-00Z-abcd1234');
  return JSON.parse(text);
}

const themes: Theme[] = [
  { code: 'food', label: { fr: 'Alimentation', en: 'Food' }, colour: '#123456', icon: 'restaurant' },
  { code: 'health', label: { fr: 'Santé', en: 'Health' }, colour: '#654321', icon: 'hospital' },
];

const MVT_LAYERS: Record<string, string[]> = {
  boundaries: [
    'countries',
    'regions',
    'departments',
    'intercommunalities',
    'municipalities',
    'neighbourhoods',
    'boundary_lines',
    'admin_labels',
  ],
  actors: ['actors', 'actor_clusters'],
  events: ['events', 'event_clusters'],
};

describe.each(files)('%s', (file) => {
  test('is valid as served', () => {
    expect(validateStyleMin(served(file))).toEqual([]);
  });

  test('is valid once adapted to the page, in both languages, with and without themes', () => {
    for (const lang of ['fr', 'en'] as const) {
      for (const some of [themes, []]) {
        const adapted = adaptStyle(served(file) as MapStyle, some, lang);
        expect(validateStyleMin(adapted as StyleSpecification)).toEqual([]);
      }
    }
  });

  test('names only layers that the tilesets have, and nothing outside {base}', () => {
    const style = served(file);
    for (const layer of style.layers) {
      if (!('source' in layer) || typeof layer.source !== 'string' || layer.source === 'ground') continue;
      expect(MVT_LAYERS[layer.source], layer.id).toContain(layer['source-layer']);
    }
    const urls = JSON.stringify(style).match(/https?:[^"]+/g) ?? [];
    expect(urls.filter((url) => !url.startsWith('https://example.org/carto/'))).toEqual([]);
  });

  test('draws a line and a label for each of the six levels', () => {
    const layers = served(file).layers;
    const levels = (sourceLayer: string) =>
      layers
        .filter((layer) => 'source-layer' in layer && layer['source-layer'] === sourceLayer)
        .flatMap(
          (layer) => JSON.stringify('filter' in layer ? layer.filter : '').match(/"level"\],(\d)/)?.[1] ?? [],
        );
    expect(levels('boundary_lines').sort()).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(levels('admin_labels').sort()).toEqual(['1', '2', '3', '4', '5', '6']);
  });
});

test('an adapted style takes the colours of the configured themes and the English names', () => {
  const adapted = adaptStyle(served('parvis-light.json') as MapStyle, themes, 'en');
  const clusters = adapted.layers.find((layer) => layer.id === 'actor-clusters');
  expect(JSON.stringify(clusters)).toContain('#123456');
  const points = adapted.layers.find((layer) => layer.id === 'event-points');
  expect(points?.type).toBe('symbol');
  expect(JSON.stringify(points)).toContain('parvis-event-health');
  for (const layer of adapted.layers.filter(isAdminLabel)) {
    expect(JSON.stringify(layer.layout)).toContain('name_en');
  }
});

test('a filter takes the place of the query of a tile URL and leaves it again', () => {
  const url = 'http://localhost/tiles/actors/{z}/{x}/{y}?edition=abc';
  const filtered = withFilter(url, { theme: 'food,energy', within: 'region:04', q: '', near: null });
  expect(filtered).toBe(`${url}&theme=food,energy&within=region:04`);
  expect(withFilter(filtered, {})).toBe(url);
  expect(withFilter('tiles/{z}/{x}/{y}', {})).toBe('tiles/{z}/{x}/{y}');
});
