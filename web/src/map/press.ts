import type { MapGeoJSONFeature, Map as MapLibre, Point } from 'maplibre-gl';
import type { PointCollection } from '../api/types.ts';
import { COLLECTIONS, type LonLat } from '../state/model.ts';
import { wrapLon } from './geometry.ts';

/** How far from the pointer a marker still counts as pressed, in pixels; fingers are less sure. */
const REACH = { fine: 5, coarse: 14 };

export const POINT_LAYERS = ['actor-points', 'actor-clusters', 'event-points', 'event-clusters'];

/** A point of a tile, as much as a tile says of it. */
export interface PickedPoint {
  collection: PointCollection;
  id: string;
  name: string;
  example: boolean;
  at: LonLat;
}

/** What lies under a place of the canvas. */
export type Under =
  | { kind: 'point'; point: PickedPoint }
  | { kind: 'crowd'; points: LonLat[] }
  | { kind: 'cluster'; at: LonLat; count: number; expansionZoom: number | null; collection: PointCollection }
  | { kind: 'cell'; at: LonLat; count: number }
  | { kind: 'area'; id: string; name: string }
  | { kind: 'nothing' };

export function under(map: MapLibre, point: Point, coarse: boolean): Under {
  const reach = coarse ? REACH.coarse : REACH.fine;
  const { x, y } = point;
  const layers = POINT_LAYERS.filter((layer) => map.getLayer(layer));
  const exact = map.queryRenderedFeatures(point, { layers });
  const features =
    exact.length > 0
      ? exact
      : map.queryRenderedFeatures(
          [
            [x - reach, y - reach],
            [x + reach, y + reach],
          ],
          { layers },
        );
  const [top] = features; // what is drawn above is what was meant
  if (top) {
    const one = pickedPoint(top);
    if (!one) return cluster(top);
    const points = features.map(pickedPoint).filter((other) => other !== null);
    if (points.every((other) => other.id === one.id)) return { kind: 'point', point: one };
    return { kind: 'crowd', points: points.map((other) => other.at) };
  }
  return underFills(map, point);
}

function underFills(map: MapLibre, point: Point): Under {
  const layers = ['page-heat', 'page-areas'].filter((layer) => map.getLayer(layer));
  if (layers.length === 0) return { kind: 'nothing' };
  const [fill] = map.queryRenderedFeatures(point, { layers });
  if (!fill) return { kind: 'nothing' };
  const { id, name, count } = fill.properties;
  if (fill.layer.id === 'page-areas') return { kind: 'area', id: String(id), name: String(name ?? '') };
  const { lng, lat } = map.unproject(point).wrap();
  return { kind: 'cell', at: [lng, lat], count: Number(count) };
}

function cluster(feature: MapGeoJSONFeature): Under {
  const zoom = Number(feature.properties.expansion_zoom ?? Number.NaN);
  return {
    kind: 'cluster',
    at: position(feature),
    count: Number(feature.properties.count ?? 0),
    expansionZoom: Number.isNaN(zoom) ? null : zoom,
    collection: feature.sourceLayer === 'event_clusters' ? 'events' : 'actors',
  };
}

function position(feature: MapGeoJSONFeature): LonLat {
  const [lon, lat] = (feature.geometry as unknown as { coordinates: LonLat }).coordinates;
  return [wrapLon(lon), lat];
}

function pickedPoint(feature: MapGeoJSONFeature): PickedPoint | null {
  const collection = COLLECTIONS.find((name) => name === feature.sourceLayer);
  if (!collection) return null;
  const { id, name, example } = feature.properties;
  return {
    collection,
    id: String(id),
    name: String(name ?? ''),
    example: example === true,
    at: position(feature),
  };
}
