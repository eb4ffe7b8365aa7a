import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Root } from 'postcss';
import { defineConfig, type Plugin } from 'vitest/config';

const noto = resolve(import.meta.dirname, 'node_modules/@fontsource/noto-sans');

/** The font files that the style names under `font-faces`, and their licence. The server serves them at `fonts/`. */
const FONTS: Record<string, string> = {
  'noto-sans-latin-400.woff2': 'files/noto-sans-latin-400-normal.woff2',
  'noto-sans-latin-700.woff2': 'files/noto-sans-latin-700-normal.woff2',
  'noto-sans-latin-ext-400.woff2': 'files/noto-sans-latin-ext-400-normal.woff2',
  'noto-sans-latin-ext-700.woff2': 'files/noto-sans-latin-ext-700-normal.woff2',
  'OFL.txt': 'LICENSE',
};

/** Copies the fonts to `dist/fonts`, under names without a hash: the style is written by hand and names them. */
function fonts(): Plugin {
  return {
    name: 'parvis-fonts',
    generateBundle() {
      for (const [name, path] of Object.entries(FONTS)) {
        this.emitFile({
          type: 'asset',
          fileName: `fonts/${name}`,
          source: readFileSync(resolve(noto, path)),
        });
      }
    },
    configureServer(server) {
      server.middlewares.use('/fonts', (request, response, next) => {
        const path = FONTS[(request.url ?? '').slice(1)];
        if (!path || !existsSync(resolve(noto, path))) return next();
        response.end(readFileSync(resolve(noto, path)));
      });
    },
  };
}

/** Leaves of an icon the paths, which are all that is drawn of it. */
function bareIcons(): Plugin {
  return {
    name: 'parvis-bare-icons',
    enforce: 'pre',
    load(id) {
      if (!/@mapbox\/maki\/icons\/.*\.svg\?raw$/.test(id)) return null;
      const svg = readFileSync(id.slice(0, -'?raw'.length), 'utf8');
      const paths = [...svg.matchAll(/<path[^>]*?\sd="([^"]+)"/g)].map((match) =>
        match[1]?.replace(/\s*&#x?[0-9A-F]+;\s*/gi, ' '),
      );
      return `export default ${JSON.stringify(paths.map((d) => `<path d="${d}"/>`).join(''))}`;
    },
  };
}

/** Lays `name.br` and `name.gz` beside every text file: the server sends them as they are. Its page is filled in first. */
function codings(): Plugin {
  return {
    name: 'parvis-codings',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => /\.(js|css|svg|json|txt)$/.test(file))) {
        const file = resolve(dir ?? 'dist', name);
        const bytes = readFileSync(file);
        if (bytes.length < 512) continue; // one packet either way
        writeFileSync(`${file}.br`, brotliCompressSync(bytes)); // its default is the best level, 11
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Controls of MapLibre that the page has its own of, or none: their rules, with icons inside, are most of its style sheet. */
const UNUSED =
  /maplibregl-(ctrl-(group|icon|logo|compass|zoom|fullscreen|shrink|globe|terrain|geolocate)|user-location|popup|spin)/;

/** Leaves the rules of those controls out of what is shipped. */
const withoutUnused = {
  postcssPlugin: 'parvis-without-unused',
  OnceExit(root: Root) {
    root.walkRules((rule) => {
      rule.selectors = rule.selectors.filter((selector) => !UNUSED.test(selector));
      if (rule.selectors.every((selector) => selector === '')) rule.remove();
    });
    root.walkAtRules((rule) => {
      if (UNUSED.test(rule.params) || rule.nodes?.length === 0) rule.remove();
    });
  },
};

/** What the map and the panels share, and what every page draws: one file, for a chunk a module costs a request each and
 * compresses worse. MapLibre is another, so that the panels do not wait for it; what the whole page has besides an embed, a third. */
const groups = [
  {
    name: 'app',
    priority: 3,
    test: /src\/main\.tsx|node_modules\/(preact|@mapbox\/maki)\/|\/web\/src\/((api|control|state)\/|(links|config|embed|fonts|text)\.ts|i18n\/(index|nouns)|map\/(classes|overlays|fetch|icons|style|markers|geometry)|ui\/(context|Icon|Notices|MapLegend|Ready|card\/Card)\.)/,
  },
  { name: 'view', priority: 2, test: /node_modules\/maplibre-gl\/|\/web\/src\/map\// },
  {
    name: 'panel',
    priority: 1,
    test: /\/web\/src\/(time|map\/territories|ui\/(App|Breadcrumb|Downloads\.|Footer|Header|Jumps|MapTools|Panel|PerimeterHead|Picker\.|Search|SheetHandle|Skips|ThemeSign|ViewSwitch|filters\/(?!NearBody)|list\/(List|Row)|time))/,
  },
];

/** `npm run dev` sends everything that is not the page itself to a running `parvis serve`. */
const server = process.env.PARVIS_URL ?? 'http://127.0.0.1:8080';
const routes = ['admin-units', 'collections', 'downloads', 'lookup', 'search', 'styles', 'tiles'];

export default defineConfig({
  base: './', // every URL of the page is relative: the server may sit under a base path
  plugins: [fonts(), bareIcons(), codings()],
  worker: { format: 'es' }, // MapLibre 6 is ES modules only
  css: { postcss: { plugins: [withoutUnused] } },
  build: {
    modulePreload: { polyfill: false }, // only browsers of before 2023 lack it, and they fetch all the same
    rolldownOptions: { output: { codeSplitting: { groups } } },
    target: 'es2022',
    chunkSizeWarningLimit: 1300, // MapLibre itself
    assetsInlineLimit: (file) => file.endsWith('.svg'),
  },
  server: { proxy: Object.fromEntries(routes.map((route) => [`/${route}`, server])) },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
});
