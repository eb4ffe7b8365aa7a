// styles/icons/*.svg: the maki icons (CC0) that themes and styles name, each as one plain path on a square of 15.
// Run by `make styles`; the same maki gives the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const styles = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const maki = resolve(styles, '../web/node_modules/@mapbox/maki/icons');
const themes = readFileSync(resolve(styles, '../data/themes.toml'), 'utf8');
const named = [...themes.matchAll(/^icon = "([a-z-]+)"/gm)].map((found) => found[1]);

/** Besides the themes': what has none, and the soccer ball that stands for a pitch. */
const MORE = ['marker', 'soccer'];

mkdirSync(resolve(styles, 'icons'), { recursive: true });
for (const name of [...new Set([...named, ...MORE])].sort()) {
  const svg = readFileSync(resolve(maki, `${name}.svg`), 'utf8');
  const paths = [...svg.matchAll(/<path[^>]*?\sd="([^"]+)"/g)].map((found) =>
    found[1].replace(/&#x?[0-9a-z]+;|\s+/gi, ' ').trim(),
  );
  if (paths.length === 0) throw new Error(`${name} has no path`);
  const body = paths.map((d) => `<path d="${d}"/>`).join('');
  writeFileSync(
    resolve(styles, `icons/${name}.svg`),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 15 15" width="15" height="15">${body}</svg>\n`,
  );
}
