// The markers of the themes as SVG: a disc for actors, a square on its corner for events, on a square of 26.
// The icons are those of styles/icons (maki, CC0), the colours those of data/themes.toml.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const styles = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const SIZE = 26;
export const NO_THEME = { code: 'none', colour: '#33475B', icon: 'marker' };

export const themes = readFileSync(resolve(styles, '../data/themes.toml'), 'utf8')
  .split('[[theme]]')
  .slice(1)
  .map((block) => {
    const value = (key) => block.match(new RegExp(`^${key} = "([^"]+)"`, 'm'))[1];
    return { code: value('code'), colour: value('colour'), icon: value('icon') };
  });

function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4 ? '#FFFFFF' : '#111111';
}

export function marker(shape, { colour, icon }) {
  const svg = readFileSync(resolve(styles, `icons/${icon}.svg`), 'utf8');
  const paths = svg.match(/<path [^>]+>/g).join('');
  const body =
    shape === 'actor'
      ? '<circle cx="13" cy="13" r="11"'
      : '<rect x="4.5" y="4.5" width="17" height="17" rx="3" transform="rotate(45 13 13)"';
  const glyph = shape === 'actor' ? 'translate(6.25 6.25) scale(.9)' : 'translate(7.375 7.375) scale(.75)';
  return `${body} fill="${colour}" stroke="#fff" stroke-width="1.8"/><g fill="${inkOn(colour)}" transform="${glyph}">${paths}</g>`;
}
