import { ours } from './links.ts';

/** The ranges of Unicode that the two files of a weight cover: the same as in the styles. */
const FILES = [
  ['latin', 'U+0-FF, U+131, U+152-153, U+2BB-2BC, U+2000-206F, U+20AC, U+2122'],
  ['latin-ext', 'U+100-130, U+132-151, U+154-24F, U+1E00-1EFF'],
] as const;

/** Declares the typeface of the map labels for the page too: one download serves both. */
export function loadFonts(): void {
  for (const weight of ['400', '700']) {
    for (const [name, unicodeRange] of FILES) {
      const url = ours(`fonts/noto-sans-${name}-${weight}.woff2`);
      document.fonts.add(
        new FontFace('Noto Sans', `url("${url}")`, { weight, unicodeRange, display: 'swap' }),
      );
    }
  }
}
