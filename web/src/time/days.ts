import type { Item } from '../api/types.ts';

const DAY_MS = 86_400_000;

export const toTime = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const toDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
export const addDays = (day: string, days: number): string => toDay(toTime(day) + days * DAY_MS);
export const daysBetween = (from: string, to: string): number =>
  Math.round((toTime(to) - toTime(from)) / DAY_MS);

/** Today, where the browser is. */
export function today(now = new Date()): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The day of a moment in a time zone; in UTC where the zone is none. */
export function dayIn(time: Date, timeZone: unknown): string {
  try {
    // Sweden writes dates as ISO 8601 does
    const zone = typeof timeZone === 'string' && timeZone ? timeZone : 'UTC';
    return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(time);
  } catch {
    return toDay(time.getTime());
  }
}

export interface DayOfEvents {
  day: string;
  events: { item: Item /** whether it began on a day before */; since: boolean }[];
}

/** What an agenda shows an event on at most: a long exhibition is not a hundred lines. */
const MOST_DAYS_OF_ONE = 31;

/** Events by the days they take place on, in the zone of each; those that begin come before those that go on. */
export function byDay(items: readonly Item[], { from, to }: { from: string; to: string }): DayOfEvents[] {
  const days = new Map<string, DayOfEvents['events']>();
  for (const item of items) {
    const start = new Date(String(item.properties.start ?? ''));
    if (Number.isNaN(start.getTime())) continue;
    const given = new Date(String(item.properties.end ?? item.properties.start));
    // what ends at midnight was not there on the day that begins then
    const end = given > start ? new Date(given.getTime() - 1) : start;
    const first = dayIn(start, item.properties.timezone);
    const last = dayIn(end, item.properties.timezone);
    let shown = 0;
    for (let day = first < from ? from : first; day <= last && day <= to; day = addDays(day, 1)) {
      const events = days.get(day) ?? [];
      events.push({ item, since: day !== first });
      days.set(day, events);
      shown += 1;
      if (shown === MOST_DAYS_OF_ONE) break;
    }
  }
  const order = ({ item, since }: DayOfEvents['events'][number]) =>
    `${since ? 1 : 0}${String(item.properties.start)}${String(item.properties.name)}`;
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, events]) => ({ day, events: events.sort((a, b) => (order(a) < order(b) ? -1 : 1)) }));
}

/** A stretch of an agenda, in days and in events. */
const LONGEST_DAYS = 28;
const ENOUGH_EVENTS = 200;

/**
 * The stretch of days that begins on a day: as many as hold enough events, four weeks at most. Where nothing begins for a
 * while it starts with the next event; where nothing comes at all, with the last ones there were.
 */
export function windowAfter(
  counts: ReadonlyMap<string, number>,
  wanted: string,
  until: string | null,
): { from: string; to: string } {
  const days = [...counts.keys()].sort();
  const last = days.at(-1);
  const next = days.find((day) => day >= wanted);
  let from = wanted;
  if (next && daysBetween(wanted, next) >= LONGEST_DAYS) from = next;
  else if (!next && last && last < wanted) from = addDays(last, 1 - LONGEST_DAYS);
  let to = from;
  let events = counts.get(from) ?? 0;
  while (daysBetween(from, to) < LONGEST_DAYS - 1 && events < ENOUGH_EVENTS) {
    to = addDays(to, 1);
    events += counts.get(to) ?? 0;
  }
  if (until && to > until) to = until < from ? from : until;
  return { from, to };
}
