import { LANGS, type Lang } from './i18n/index.ts';

export type Bbox = [west: number, south: number, east: number, north: number];
export type Localised = Record<Lang, string>;

export interface Theme {
  code: string;
  label: Localised;
  /** `#RRGGBB` */
  colour: string;
  /** the name of a maki icon: see `map/icons.ts` */
  icon: string;
}

/** What the server writes into the page, as JSON in `#parvis-config`. */
export interface Config {
  edition: string;
  title: Localised;
  bounds: Bbox;
  start: { lon: number; lat: number; zoom: number };
  /** whether the territory holds made-up rows */
  example: boolean;
  themes: Theme[];
  attribution: string[];
  counts: Record<string, number>;
  styles: string[];
}

const DEFAULTS: Config = {
  edition: '',
  title: { fr: 'Parvis', en: 'Parvis' },
  bounds: [-180, -85, 180, 85],
  start: { lon: 2.5, lat: 46.6, zoom: 4.5 },
  example: false,
  themes: [],
  attribution: [],
  counts: {},
  styles: ['parvis-light'],
};

/** Reads the configuration of the page. What is absent, as under `npm run dev`, takes a default. */
export function readConfig(document: Document): Config {
  const text = document.getElementById('parvis-config')?.textContent;
  const config: Config = { ...DEFAULTS, ...(text ? JSON.parse(text) : {}) };
  config.themes = config.themes.filter((theme) => /^#[0-9a-f]{6}$/i.test(theme.colour));
  return config;
}

/** The language to start in: `?lang=`, else the browser's first that we have, else French. */
export function chooseLang(query: URLSearchParams, preferred: readonly string[]): Lang {
  const wanted = [query.get('lang') ?? '', ...preferred].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.map((tag) => LANGS.find((lang) => lang === tag)).find((lang) => lang !== undefined) ?? 'fr';
}
