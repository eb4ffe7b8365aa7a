// styles/sprites/parvis[@2x].{json,png}: a marker for each theme, a disc for actors and a square on its corner for events.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { marker, NO_THEME, SIZE, styles, themes } from './markers.mjs';

const COLUMNS = 8;
const images = ['actor', 'event'].flatMap((shape) =>
  [...themes, NO_THEME].map((theme) => ({ name: `${shape}-${theme.code}`, body: marker(shape, theme) })),
);
const rows = Math.ceil(images.length / COLUMNS);
const place = (i) => [(i % COLUMNS) * SIZE, Math.floor(i / COLUMNS) * SIZE];
const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${COLUMNS * SIZE}" height="${rows * SIZE}">${images
  .map(({ body }, i) => `<g transform="translate(${place(i).join(' ')})">${body}</g>`)
  .join('')}</svg>`;

mkdirSync(resolve(styles, 'sprites'), { recursive: true });
for (const [ratio, suffix] of [
  [1, ''],
  [2, '@2x'],
]) {
  const png = new Resvg(sheet, { fitTo: { mode: 'zoom', value: ratio } }).render().asPng();
  writeFileSync(resolve(styles, `sprites/parvis${suffix}.png`), png);
  const index = Object.fromEntries(
    images.map(({ name }, i) => {
      const [x, y] = place(i).map((n) => n * ratio);
      return [name, { height: SIZE * ratio, pixelRatio: ratio, width: SIZE * ratio, x, y }];
    }),
  );
  writeFileSync(resolve(styles, `sprites/parvis${suffix}.json`), `${JSON.stringify(index, null, 1)}\n`);
}
