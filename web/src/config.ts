import { LANGS, type Lang } from './i18n/index.ts';
import type { Nouns } from './i18n/nouns.ts';

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
  /** the language that the server answered in */
  lang: Lang;
  bounds: Bbox;
  start: { lon: number; lat: number; zoom: number };
  /** the unit that the page opens with; `whole`: it is all there is, and nothing has to be left out for it */
  perimeter: { id: string; whole: boolean } | null;
  /** from the first start of an event to the last end; null where there is none */
  interval: [start: string, end: string] | null;
  /** whether the territory holds made-up rows */
  example: boolean;
  themes: Theme[];
  attribution: string[];
  counts: Record<string, number>;
  styles: string[];
  tilesets: string[];
  /** whether this is `/embed/map` */
  embed: boolean;
  /** the address of a style that the operator lays under the map, elsewhere */
  basemap: string | null;
  /** what the operator has in place of ours: the address of a logo, a line under the title, nouns */
  logo: string | null;
  tagline: Localised | null;
  nouns: Record<Lang, Nouns> | null;
}

const DEFAULTS: Omit<Config, 'lang'> = {
  edition: '',
  title: { fr: 'Parvis', en: 'Parvis' },
  bounds: [-180, -85, 180, 85],
  start: { lon: 2.5, lat: 46.6, zoom: 4.5 },
  perimeter: null,
  interval: null,
  example: false,
  themes: [],
  attribution: [],
  counts: {},
  styles: ['parvis-light'],
  tilesets: ['boundaries', 'actors', 'events'],
  embed: false,
  basemap: null,
  logo: null,
  tagline: null,
  nouns: null,
};

/** Reads the configuration of the page. What is absent, as under `npm run dev`, takes a default. */
export function readConfig(document: Document, preferred: readonly string[] = navigator.languages): Config {
  const text = document.getElementById('parvis-config')?.textContent;
  const written = (text ? JSON.parse(text) : {}) as Partial<Config>;
  return { ...DEFAULTS, ...written, lang: written.lang ?? chooseLang(preferred) };
}

/** The first language of the browser that the page speaks; French when there is none. */
export function chooseLang(preferred: readonly string[]): Lang {
  const wanted = preferred.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.map((tag) => LANGS.find((lang) => lang === tag)).find((lang) => lang !== undefined) ?? 'fr';
}
