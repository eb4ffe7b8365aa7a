// A small country in an OSM PBF file: units side by side in a row of squares, each level over fewer of them.
import { deflateSync } from 'node:zlib';
import { bytesField, numberField, packedField, steps, textField, zigzag } from './protobuf.mjs';

const WAY = 1;

/** Texts of a block, each once; the first is empty, as the format wants it. */
class Texts {
  #at = new Map([['', 0]]);

  of(text) {
    if (!this.#at.has(text)) this.#at.set(text, this.#at.size);
    return this.#at.get(text);
  }

  encode() {
    return Buffer.concat([...this.#at.keys()].map((text) => textField(1, text)));
  }
}

function blob(type, content) {
  const packed = Buffer.concat([numberField(2, content.length), bytesField(3, deflateSync(content))]);
  const header = Buffer.concat([textField(1, type), numberField(3, packed.length)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, packed]);
}

const degrees = (value) => zigzag(Math.round(value * 1e7));

/** The four corners of a rectangle of the grid give its border, edge by edge. */
function border([west, south, east, north]) {
  const edges = [];
  for (let x = west; x < east; x += 1) for (const y of [south, north]) edges.push([x, y, x + 1, y]);
  for (let y = south; y < north; y += 1) for (const x of [west, east]) edges.push([x, y, x, y + 1]);
  return edges;
}

/**
 * Units on a grid: `{tags, box: [west, south, east, north]}` in steps of the grid, which begins at `origin` and whose
 * steps are `step` degrees wide. Units that meet share their ways, as in OpenStreetMap.
 */
export function osmFile(units, { origin: [lon, lat], step }) {
  const texts = new Texts();
  const nodes = new Map();
  const ways = new Map();
  const nodeOf = (x, y) => {
    const key = `${x} ${y}`;
    if (!nodes.has(key)) nodes.set(key, { id: nodes.size + 1, lon: lon + x * step, lat: lat + y * step });
    return nodes.get(key).id;
  };
  const wayOf = ([x1, y1, x2, y2]) => {
    const refs = [nodeOf(x1, y1), nodeOf(x2, y2)];
    const key = refs.join(' ');
    if (!ways.has(key)) ways.set(key, { id: ways.size + 1, refs });
    return ways.get(key).id;
  };
  const relations = units.map(({ tags, box }, at) => {
    const members = border(box).map(wayOf);
    return Buffer.concat([
      numberField(1, at + 1),
      packedField(
        2,
        Object.keys(tags).map((key) => texts.of(key)),
      ),
      packedField(
        3,
        Object.values(tags).map((value) => texts.of(value)),
      ),
      packedField(
        8,
        members.map(() => texts.of('outer')),
      ),
      packedField(9, steps(members).map(zigzag)),
      packedField(
        10,
        members.map(() => WAY),
      ),
    ]);
  });
  const groups = [
    [...nodes.values()].map((node) =>
      bytesField(
        1,
        Buffer.concat([
          numberField(1, zigzag(node.id)),
          numberField(8, degrees(node.lat)),
          numberField(9, degrees(node.lon)),
        ]),
      ),
    ),
    [...ways.values()].map(({ id, refs }) =>
      bytesField(3, Buffer.concat([numberField(1, id), packedField(8, steps(refs).map(zigzag))])),
    ),
    relations.map((relation) => bytesField(4, relation)),
  ];
  const block = Buffer.concat([
    bytesField(1, texts.encode()),
    ...groups.map((group) => bytesField(2, Buffer.concat(group))),
  ]);
  return Buffer.concat([blob('OSMHeader', textField(4, 'OsmSchema-V0.6')), blob('OSMData', block)]);
}
