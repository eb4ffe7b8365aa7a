// A PMTiles archive of one tile, the whole world at zoom 0, with layers of the Protomaps schema: what an operator lays under the map.
import { gzipSync } from 'node:zlib';
import { bytesField, numberField, textField, varint, zigzag } from './protobuf.mjs';

const EXTENT = 4096;
const LINE = 2;
const POLYGON = 3;

/** The commands of one line or ring: MoveTo, LineTo, and ClosePath of a ring. */
function commands(points, ring) {
  let [x, y] = [0, 0];
  const step = ([nextX, nextY]) => {
    const moved = [zigzag(nextX - x), zigzag(nextY - y)];
    [x, y] = [nextX, nextY];
    return moved;
  };
  const [first, ...rest] = points;
  const numbers = [9, ...step(first), rest.length * 8 + 2, ...rest.flatMap(step), ...(ring ? [15] : [])];
  return Buffer.concat(numbers.map(varint));
}

/** One layer with one feature, whose `kind` is given. */
function layer(name, type, kind, points) {
  const feature = Buffer.concat([
    bytesField(2, Buffer.from([0, 0])),
    numberField(3, type),
    bytesField(4, commands(points, type === POLYGON)),
  ]);
  return Buffer.concat([
    textField(1, name),
    bytesField(2, feature),
    textField(3, 'kind'),
    bytesField(4, textField(1, kind)),
    numberField(5, EXTENT),
    numberField(15, 2),
  ]);
}

/** A parallel of latitude, as a row of the tile. */
function rowOf(lat) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return Math.round((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * EXTENT);
}

/** Water everywhere, and a motorway along a parallel. */
export function archive({ attribution, motorwayAt }) {
  const row = rowOf(motorwayAt);
  const all = [
    [0, 0],
    [EXTENT, 0],
    [EXTENT, EXTENT],
    [0, EXTENT],
  ];
  const tile = gzipSync(
    Buffer.concat([
      bytesField(3, layer('water', POLYGON, 'ocean', all)),
      bytesField(
        3,
        layer('roads', LINE, 'highway', [
          [0, row],
          [EXTENT, row],
        ]),
      ),
    ]),
  );
  const root = gzipSync(Buffer.concat([1, 0, 1, tile.length, 1].map(varint)));
  const metadata = gzipSync(
    JSON.stringify({ attribution, vector_layers: ['water', 'roads'].map((id) => ({ id, fields: {} })) }),
  );
  const header = Buffer.alloc(127);
  header.write('PMTiles', 0, 'latin1');
  header[7] = 3;
  const parts = [root, metadata, Buffer.alloc(0), tile];
  let offset = header.length;
  parts.forEach((part, at) => {
    header.writeBigUInt64LE(BigInt(offset), 8 + at * 16);
    header.writeBigUInt64LE(BigInt(part.length), 16 + at * 16);
    offset += part.length;
  });
  for (const at of [72, 80, 88]) header.writeBigUInt64LE(1n, at); // tiles addressed, entries, contents
  header.set([1, 2, 2, 1, 0, 0], 96); // clustered, gzip inside, gzip tiles, MVT, zooms 0 to 0
  [-180, -85, 180, 85].forEach((degrees, at) => {
    header.writeInt32LE(degrees * 1e7, 102 + at * 4);
  });
  return Buffer.concat([header, ...parts]);
}
