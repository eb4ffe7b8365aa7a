import type {
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
  SymbolLayerSpecification,
} from 'maplibre-gl';
import type { Theme } from '../config.ts';
import type { Lang } from '../i18n/index.ts';
import type { Shape } from './icons.ts';

/** What has no theme, or one that the page does not know. */
export const NO_THEME = { colour: '#33475B', icon: 'marker' };

export const SHAPES = ['actor', 'event'] as const;

export const imageName = (shape: Shape, theme: string) => `parvis-${shape}-${theme}`;

export const clusterImageName = (theme: string) => `parvis-event-cluster-${theme}`;

/** The name in the language of the page, where the tiles have one. */
export const nameIn = (lang: Lang): ExpressionSpecification =>
  lang === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name'];

export const isAdminLabel = (layer: LayerSpecification): layer is SymbolLayerSpecification =>
  layer.type === 'symbol' && layer['source-layer'] === 'admin_labels';

/** Whether a layer of labels names the units of a level. */
export const isOfLevel = (layer: SymbolLayerSpecification, level: number): boolean =>
  JSON.stringify(layer.filter ?? null).includes(`["==",["get","level"],${level}]`);

/** What `value` gives for the theme that more than half of a cluster share; `none` where there is no such theme. */
function ofMajority(
  themes: readonly Theme[],
  value: (theme: Theme) => string,
  none: string,
): ExpressionSpecification | string {
  if (themes.length === 0) return none;
  const cases = themes.flatMap((theme) => [
    ['>', ['*', 2, ['coalesce', ['get', `theme_${theme.code}`], 0]], ['get', 'count']],
    value(theme),
  ]);
  return ['case', ...cases, none] as unknown as ExpressionSpecification;
}

/** The marker image of a point: that of its first theme, when the page has it. */
function markerImage(shape: Shape, themes: readonly Theme[]): ExpressionSpecification | string {
  const none = imageName(shape, 'none');
  if (themes.length === 0) return none;
  const cases = themes.flatMap((theme) => [theme.code, imageName(shape, theme.code)]);
  return ['match', ['coalesce', ['get', 'theme'], ''], ...cases, none] as unknown as ExpressionSpecification;
}

/**
 * Gives a served style what only the page has: theme icons in place of discs, the colours of the configured themes,
 * labels in the language of the page. A layer that the style does not have is not missed.
 */
export function adaptStyle(
  served: StyleSpecification,
  themes: readonly Theme[],
  lang: Lang,
): StyleSpecification {
  // The page draws markers of its own: the sprite and what it is for are for other clients.
  const kept = served.layers.filter((layer) => !layer.id.endsWith('-markers'));
  const layers = kept.map((layer): LayerSpecification => {
    if (isAdminLabel(layer)) return { ...layer, layout: { ...layer.layout, 'text-field': nameIn(lang) } };
    if (layer.id === 'actor-clusters' && layer.type === 'circle') {
      const colour = ofMajority(themes, (theme) => theme.colour, NO_THEME.colour);
      return { ...layer, paint: { ...layer.paint, 'circle-stroke-color': colour } };
    }
    if (layer.id === 'event-clusters' && layer.type === 'circle') {
      return {
        id: layer.id,
        type: 'symbol',
        source: layer.source,
        'source-layer': layer['source-layer'] as string,
        layout: {
          'icon-image': ofMajority(themes, (theme) => clusterImageName(theme.code), clusterImageName('none')),
          'icon-size': [
            'interpolate',
            ['linear'],
            ['log10', ['max', 1, ['get', 'count']]],
            0.3,
            0.72,
            3,
            1.2,
            5,
            1.6,
          ],
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
        },
        paint: { 'icon-translate': layer.paint?.['circle-translate'] ?? [0, 0] },
      };
    }
    for (const shape of SHAPES) {
      if (layer.id === `${shape}-points` && layer.type === 'circle') {
        return {
          id: layer.id,
          type: 'symbol',
          source: layer.source,
          'source-layer': layer['source-layer'] as string,
          layout: {
            'icon-image': markerImage(shape, themes),
            'icon-size': ['interpolate', ['linear'], ['zoom'], 5, 0.62, 10, 0.8, 14, 1],
            'icon-allow-overlap': true,
            'icon-ignore-placement': true,
          },
        };
      }
    }
    return layer;
  });
  const { sprite: _, ...style } = served;
  return { ...style, layers };
}
