// styles/glyphs/<font>/<range>.pbf: Noto Sans (OFL 1.1) as the signed distance fields that QGIS and clients older than
// MapLibre GL JS 5.11 read. Latin, punctuation and currency: what names of the territories served are written with.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fontnik from 'fontnik';

const styles = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const noto = resolve(styles, 'builder/node_modules/@fontsource/noto-sans/files');
const range = promisify(fontnik.range);
const composite = promisify(fontnik.composite);

const FONTS = { 'Noto Sans Regular': 400, 'Noto Sans Bold': 700 };
/** The first of 256 characters: Basic Latin to Latin Extended-B, Latin Extended Additional, punctuation. */
const STARTS = [0, 256, 512, 7680, 8192, 8448];

for (const [name, weight] of Object.entries(FONTS)) {
  const files = ['latin', 'latin-ext'].map((subset) => readFileSync(resolve(noto, `noto-sans-${subset}-${weight}-normal.woff`)));
  mkdirSync(resolve(styles, 'glyphs', name), { recursive: true });
  for (const start of STARTS) {
    const parts = await Promise.all(files.map((font) => range({ font, start, end: start + 255 })));
    writeFileSync(resolve(styles, 'glyphs', name, `${start}-${start + 255}.pbf`), await composite(parts));
  }
}
