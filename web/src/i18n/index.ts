import type { fr } from './fr.ts';
import { type Nouns, renamed } from './nouns.ts';

export const LANGS = ['fr', 'en'] as const;
export type Lang = (typeof LANGS)[number];
export type Messages = typeof fr;
export type Plural = { one: string; other: string };

/** Each is a file of its own: a page loads the one that it speaks. */
const LOAD: Record<Lang, () => Promise<Messages>> = {
  fr: async () => (await import('./fr.ts')).fr,
  en: async () => (await import('./en.ts')).en,
};
const MESSAGES: Partial<Record<Lang, Messages>> = {};

let nouns: Readonly<Record<Lang, Nouns>> | null = null;

/** Takes the nouns of the operator, for every language that is loaded from now on. */
export function useNouns(own: typeof nouns): void {
  nouns = own;
}

/** Fetches a language, which is needed before it is used. */
export async function loadLang(lang: Lang): Promise<void> {
  if (MESSAGES[lang]) return;
  const text = await LOAD[lang]();
  MESSAGES[lang] = nouns ? renamed(text, nouns[lang]) : text;
}

/** The messages in a language that has been loaded. */
export function messages(lang: Lang): Messages {
  const text = MESSAGES[lang];
  if (!text) throw new Error(`${lang} is not loaded`);
  return text;
}

/** Fills `{name}` places. Numbers are written as the language writes them. */
export function fill(lang: Lang, text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (place, key: string) => {
    const value = values[key];
    if (value === undefined) return place;
    return typeof value === 'number' ? value.toLocaleString(lang) : value;
  });
}

/** One of the two forms, by the plural rules of the language: `0 résultat` but `0 results`. */
export function plural(lang: Lang, forms: Plural, n: number): string {
  const form = new Intl.PluralRules(lang).select(n) === 'one' ? forms.one : forms.other;
  return fill(lang, form, { n });
}

/** The label of a code that came from data: ours if we know the code, else the code in readable form. */
export function labelOf(labels: Record<string, string>, code: unknown): string {
  const text = String(code ?? '');
  const key = text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return labels[text] ?? labels[key] ?? text.replaceAll('_', ' ');
}

/** Where English is written as the British do: days before months. */
const tag = (lang: Lang) => (lang === 'en' ? 'en-GB' : lang);

interface When {
  start?: unknown;
  end?: unknown;
  timezone?: unknown;
  all_day?: unknown;
}

/** Formats in a time zone; in that of the browser where it knows no such zone. */
function inZone(zone: unknown, format: (timeZone?: string) => string): string {
  try {
    return format(typeof zone === 'string' && zone ? zone : undefined);
  } catch {
    return format();
  }
}

/** When an event takes place, in its own time zone. An all-day event ends at the local midnight after its last day. */
export function formatWhen(lang: Lang, event: When, length: 'full' | 'short' = 'full'): string {
  const start = new Date(String(event.start ?? ''));
  if (Number.isNaN(start.getTime())) return '';
  let end = new Date(String(event.end ?? event.start));
  if (Number.isNaN(end.getTime()) || end < start) end = start;
  const allDay = event.all_day === true;
  if (allDay && end > start) end = new Date(end.getTime() - 1);
  const days: Intl.DateTimeFormatOptions =
    length === 'full'
      ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }
      : { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' };
  const options = allDay ? days : { ...days, hour: 'numeric' as const, minute: '2-digit' as const };
  return inZone(event.timezone, (timeZone) =>
    new Intl.DateTimeFormat(tag(lang), { ...options, timeZone }).formatRange(start, end),
  );
}

/** The hour an event begins at, in its own time zone; nothing where it lasts all day. */
export function formatTime(lang: Lang, event: When): string {
  const start = new Date(String(event.start ?? ''));
  if (event.all_day === true || Number.isNaN(start.getTime())) return '';
  return inZone(event.timezone, (timeZone) =>
    new Intl.DateTimeFormat(tag(lang), { hour: '2-digit', minute: '2-digit', timeZone }).format(start),
  );
}

const utc = (day: string) => new Date(`${day}T00:00:00Z`);

/** A day such as `2026-03-14`, with its weekday. */
export const formatDay = (lang: Lang, day: string): string =>
  new Intl.DateTimeFormat(tag(lang), { dateStyle: 'full', timeZone: 'UTC' }).format(utc(day));

/** A stretch of days, both included; an open side is an ellipsis. */
export function formatDays(lang: Lang, from: string | null, to: string | null): string {
  const format = new Intl.DateTimeFormat(tag(lang), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  if (from && to) return format.formatRange(utc(from), utc(to));
  return `${from ? format.format(utc(from)) : '…'} – ${to ? format.format(utc(to)) : '…'}`;
}

export const formatMetres = (lang: Lang, metres: number): string =>
  new Intl.NumberFormat(lang, {
    style: 'unit',
    unit: metres < 1000 ? 'meter' : 'kilometer',
    maximumFractionDigits: metres < 1000 ? 0 : 1,
  }).format(metres < 1000 ? metres : metres / 1000);

export function formatLonLat(lang: Lang, [lon, lat]: [number, number]): string {
  const format = new Intl.NumberFormat(lang, { minimumFractionDigits: 5, maximumFractionDigits: 5 });
  const point = lang === 'fr' ? '.' : '';
  return `lat${point} ${format.format(lat)} · lon${point} ${format.format(lon)}`;
}

export const levelName = (lang: Lang, level: number): string =>
  messages(lang).level[level as 1] ?? String(level);

/** The name of a unit in a language. */
export const nameOf = (lang: Lang, unit: { name: string; name_en?: string }): string =>
  lang === 'en' ? (unit.name_en ?? unit.name) : unit.name;

/** What bodies of municipalities are, and how they are written where there is little room. */
const BODIES: [RegExp, string][] = [
  [/^Communauté d['’]agglomération (Intercommunale )?/i, 'CA '],
  [/^Communauté de communes /i, 'CC '],
  [/^Communauté urbaine /i, 'CU '],
];

/** A name for where there is little room. */
export const shortName = (name: string): string =>
  BODIES.reduce((text, [long, short]) => text.replace(long, short), name);
