// Questions to the MapLibre map, which the page puts on `window.__map` under `?e2e=1`.
import assert from 'node:assert/strict';
import { eventually } from './poll.mjs';

export class MapProbe {
  /** `broken` tells what the page threw, if it did: then there is nothing to wait for. */
  constructor(page, broken) {
    Object.assign(this, { page, broken });
  }

  /** Waits until the map has come to rest: nothing moves, every tile in view is there. */
  async rests() {
    await eventually('the map comes to rest', () => {
      if (this.broken()) throw new Error(`the page broke: ${this.broken()}`);
      return this.page.evaluate(() => {
        const map = window.__map;
        return Boolean(
          document.body.dataset.mapIdle && map?.isStyleLoaded() && map.areTilesLoaded() && !map.isMoving(),
        );
      });
    });
  }

  async camera() {
    return this.page.evaluate(() => {
      const { lng, lat } = window.__map.getCenter();
      return { lon: lng, lat, zoom: window.__map.getZoom() };
    });
  }

  /** Puts the camera somewhere and waits until the map rests there. */
  async jumpTo(lon, lat, zoom) {
    const rested = await this.page.evaluate(
      (to) => {
        const rested = document.body.dataset.mapIdle;
        window.__map.jumpTo({ center: [to.lon, to.lat], zoom: to.zoom });
        return rested;
      },
      { lon, lat, zoom },
    );
    // until it draws there, it has every tile of where it was
    await eventually('the map rests once more', () =>
      this.page.evaluate((before) => document.body.dataset.mapIdle !== before, rested),
    );
    await this.rests();
  }

  /** What is drawn of the source layers, each feature once; `middle` is the middle of its box. */
  async drawn(...sourceLayers) {
    return this.page.evaluate((names) => {
      const map = window.__map;
      const layers = map
        .getStyle()
        .layers.filter((layer) => names.includes(layer['source-layer']))
        .map((layer) => layer.id);
      const key = ({ sourceLayer, properties, id, geometry }) =>
        `${sourceLayer} ${properties.id ?? id ?? JSON.stringify(geometry)}`;
      const once = new Map(map.queryRenderedFeatures({ layers }).map((feature) => [key(feature), feature]));
      return [...once.values()].map(({ layer, sourceLayer, properties, geometry }) => {
        const numbers = geometry.coordinates.flat(Number.POSITIVE_INFINITY);
        const between = (axis) => {
          const values = numbers.filter((_, at) => at % 2 === axis);
          return (Math.min(...values) + Math.max(...values)) / 2;
        };
        const middle = [between(0), between(1)];
        return {
          layer: layer.id,
          sourceLayer,
          properties,
          middle,
          at: geometry.type === 'Point' ? middle : null,
        };
      });
    }, sourceLayers);
  }

  /** What the tiles in view hold of a source layer, drawn or not, each feature once. */
  async held(source, sourceLayer) {
    return this.page.evaluate(
      ([source, sourceLayer]) => {
        const all = window.__map.querySourceFeatures(source, { sourceLayer });
        const key = ({ properties, id, geometry }) => properties.id ?? id ?? JSON.stringify(geometry);
        const once = new Map(all.map((feature) => [key(feature), feature]));
        return [...once.values()].map(({ id, properties }) => ({ id, properties }));
      },
      [source, sourceLayer],
    );
  }

  /** Waits until the tiles in view stand for as many actors or events. */
  async totals(collection, expected) {
    await eventually(`the map holds ${expected} ${collection}`, async () => {
      const points = await this.held(collection, collection);
      const clusters = await this.held(collection, `${collection.slice(0, -1)}_clusters`);
      const sum = clusters.reduce((total, { properties }) => total + properties.count, points.length);
      assert.equal(sum, expected);
      return true;
    });
  }

  /** How many features are drawn, of all layers. */
  async drawnCount() {
    return this.page.evaluate(() => window.__map.queryRenderedFeatures().length);
  }

  /** Where a point is in the window, in CSS pixels. */
  async position([lon, lat]) {
    return this.page.evaluate(
      (at) => {
        const { x, y } = window.__map.project(at);
        const box = window.__map.getCanvas().getBoundingClientRect();
        return { x: box.left + x, y: box.top + y };
      },
      [lon, lat],
    );
  }

  async click(at) {
    const { x, y } = await this.position(at);
    await this.page.mouse.click(x, y);
  }

  /** The share of pixels that are not of the most frequent colour, and how many colours there are. */
  async painted() {
    return this.page.evaluate(
      () =>
        new Promise((resolve) => {
          const map = window.__map;
          map.once('render', () => {
            const gl = map.getCanvas().getContext('webgl2');
            const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
            const bytes = new Uint8Array(width * height * 4);
            gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
            const counts = new Map();
            for (const colour of new Uint32Array(bytes.buffer))
              counts.set(colour, (counts.get(colour) ?? 0) + 1);
            resolve({ share: 1 - Math.max(...counts.values()) / (width * height), colours: counts.size });
          });
          map.triggerRepaint();
        }),
    );
  }

  async assertPainted() {
    const { share, colours } = await this.painted();
    assert.ok(
      share > 0.05 && colours > 20,
      `the map is blank: ${(share * 100).toFixed(1)} % painted, ${colours} colours`,
    );
  }
}
