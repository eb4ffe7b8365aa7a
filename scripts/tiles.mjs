// Reads every tile of an archive with npm `pmtiles`: node tiles.mjs FILE
import { open } from "node:fs/promises";
import { PMTiles } from "pmtiles";

class FileSource {
  constructor(path, file) {
    this.path = path;
    this.file = file;
  }
  getKey() {
    return this.path;
  }
  async getBytes(offset, length) {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.file.read(buffer, 0, length, offset);
    return { data: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + bytesRead) };
  }
}

const path = process.argv[2];
const archive = new PMTiles(new FileSource(path, await open(path)));
const header = await archive.getHeader();
const metadata = await archive.getMetadata();
if (!metadata.vector_layers?.length || !metadata.attribution) throw new Error("no vector_layers or attribution");

const column = (lon, z) => Math.floor(((lon + 180) / 360) * 2 ** z);
const row = (lat, z) => {
  const sin = Math.sin((lat * Math.PI) / 180);
  return Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 2 ** z);
};
// The tiles that exist lie below tiles that exist: walk the quadtree rather than the whole grid.
let found = 0;
const walk = async (z, x, y) => {
  const tile = await archive.getZxy(z, x, y);
  if (tile) found += 1;
  else if (z > 0) return;
  if (z >= header.maxZoom) return;
  for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
    const [cx, cy] = [x * 2 + dx, y * 2 + dy];
    const inside =
      cx >= column(header.minLon, z + 1) - 1 && cx <= column(header.maxLon, z + 1) + 1 &&
      cy >= row(header.maxLat, z + 1) - 1 && cy <= row(header.minLat, z + 1) + 1;
    if (inside) await walk(z + 1, cx, cy);
  }
};
await walk(0, 0, 0);
if (found !== header.numAddressedTiles) throw new Error(`npm pmtiles read ${found} of ${header.numAddressedTiles} tiles`);
console.log(`npm pmtiles: ${found} tiles read`);
