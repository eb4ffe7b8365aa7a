import { en } from './en.ts';
import { fr } from './fr.ts';

export const LANGS = ['fr', 'en'] as const;
export type Lang = (typeof LANGS)[number];
export type Messages = typeof fr;
export type Plural = { one: string; other: string };

const MESSAGES: Record<Lang, Messages> = { fr, en };

export const messages = (lang: Lang): Messages => MESSAGES[lang];

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

/** When an event takes place, in its own time zone. An all-day event ends at the local midnight after its last day. */
export function formatWhen(
  lang: Lang,
  event: { start?: unknown; end?: unknown; timezone?: unknown; all_day?: unknown },
): string {
  const start = new Date(String(event.start ?? ''));
  if (Number.isNaN(start.getTime())) return '';
  let end = new Date(String(event.end ?? event.start));
  if (Number.isNaN(end.getTime()) || end < start) end = start;
  const allDay = event.all_day === true;
  if (allDay && end > start) end = new Date(end.getTime() - 1);
  const options: Intl.DateTimeFormatOptions = allDay
    ? { dateStyle: 'full' }
    : { dateStyle: 'full', timeStyle: 'short' };
  const format = (timeZone?: string) =>
    new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { ...options, timeZone }).formatRange(start, end);
  try {
    return format(typeof event.timezone === 'string' && event.timezone ? event.timezone : undefined);
  } catch {
    return format(); // a time zone that this browser does not know
  }
}
