import type { Config } from '../config.ts';
import { SWITCHES } from '../embed.ts';
import { LANGS } from '../i18n/index.ts';
import { type Address, COLLECTIONS, levelOf, type Near, SORTS, sortOf, VIEWS } from './model.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const UNIT = /^[a-z]+:[A-Za-z0-9._-]{1,80}$/;
const KIND = /^[A-Za-z_]{1,40}$/;
const LONGEST_Q = 100;
const LONGEST_ID = 300;
export const RADIUS = { least: 100, most: 100_000, usual: 5_000 };

/** Reads the query of an address. What is absent, unknown or no value is the default: no address opens an error. */
export function readQuery(query: URLSearchParams, config: Config): Address {
  const list = (key: string) => (query.get(key) ?? '').split(',').filter(Boolean);
  const one = <T extends string>(key: string, values: readonly T[]) =>
    values.find((value) => value === query.get(key)) ?? null;
  const show = query.get('show')?.split(',');
  const unit = query.get('unit') ?? '';
  const sel = query.get('sel') ?? '';
  let [from, to] = [day(query.get('from')), day(query.get('to'))];
  if (from && to && from > to) [from, to] = [to, from];
  return {
    unit: UNIT.test(unit) && levelOf(unit) > 0 && unit !== config.perimeter?.id ? unit : null,
    show: { actors: show?.includes('actors') ?? true, events: show?.includes('events') ?? true },
    themes: config.themes.map((theme) => theme.code).filter((code) => list('theme').includes(code)),
    kinds: [...new Set(list('kind').filter((kind) => KIND.test(kind)))].sort().slice(0, 50),
    q: words(query.get('q') ?? ''),
    from,
    to,
    near: near(query),
    lang: one('lang', LANGS) ?? config.lang,
    scheme: one('scheme', ['light', 'dark']),
    view: one('view', VIEWS) ?? 'map',
    list: one('list', COLLECTIONS) ?? 'actors',
    sort: one('sort', SORTS),
    sel: /^(actor|event):./.test(sel) && sel.length <= LONGEST_ID ? sel : null,
    layer: one('layer', ['heat']) ?? 'points',
    areas: query.get('areas') !== '0',
  };
}

/** Keys of the query that no state holds, and that stay: `list` is of both. */
const stays = (key: string) => key === 'e2e' || key === 'edition' || (key in SWITCHES && key !== 'list');

/**
 * Writes an address as a query, with sorted keys and without defaults. The edition and the switches of an embed stay as they are; what
 * others have hung on the link goes.
 */
export function writeQuery(before: URLSearchParams, address: Address, config: Config): string {
  const next = new URLSearchParams([...before].filter(([key]) => stays(key)));
  const shown = COLLECTIONS.filter((collection) => address.show[collection]);
  const values: Record<string, string | null> = {
    unit: address.unit,
    show: shown.length === COLLECTIONS.length ? null : shown.join(','),
    theme: address.themes.join(',') || null,
    kind: address.kinds.join(',') || null,
    q: address.q || null,
    from: address.from,
    to: address.to,
    near: address.near && `${round(address.near.lon)},${round(address.near.lat)}`,
    radius: address.near && String(Math.round(address.near.radius)),
    // a language that was in the address stays: the server answers by it
    lang: address.lang === config.lang && !before.has('lang') ? null : address.lang,
    scheme: address.scheme,
    view: address.view === 'map' ? null : address.view,
    list: address.list === 'actors' ? null : address.list,
    sort: sortOf(address),
    sel: address.sel,
    layer: address.layer === 'points' ? null : address.layer,
    areas: address.areas ? null : '0',
  };
  for (const [key, value] of Object.entries(values)) if (value !== null) next.set(key, value);
  next.sort();
  // legal in a query, and easier to read
  return next.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%40', '@');
}

const round = (degrees: number) => Number(degrees.toFixed(5));

function day(text: string | null): string | null {
  if (!text || !DAY.test(text)) return null;
  const time = Date.parse(`${text}T00:00:00Z`);
  // 2026-02-30 is read as a day of March by some
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : null;
}

/** What can be searched for: it has a letter or a digit. */
function words(text: string): string {
  const q = text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, LONGEST_Q);
  return /[\p{L}\p{N}]/u.test(q) ? q : '';
}

function near(query: URLSearchParams): Near | null {
  const [lon, lat, more] = (query.get('near') ?? '')
    .split(',')
    .map((text) => (text ? Number(text) : Number.NaN));
  if (lon === undefined || lat === undefined || more !== undefined) return null;
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) return null;
  const radius = Number(query.get('radius') || RADIUS.usual);
  if (!Number.isFinite(radius)) return { lon, lat, radius: RADIUS.usual };
  return { lon, lat, radius: Math.min(RADIUS.most, Math.max(RADIUS.least, radius)) };
}
