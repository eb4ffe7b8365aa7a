import { addDays, daysBetween } from './days.ts';

export type Step = 'day' | 'week' | 'month';

/** A bar of the histogram: its days, both included, and the events that begin on them. */
export interface Bin {
  from: string;
  to: string;
  count: number;
}

/** From so many days on, bars are of weeks, then of months. */
const WEEKS_FROM = 100;
const MONTHS_FROM = 1_100;

export function stepFor(first: string, last: string): Step {
  const days = daysBetween(first, last) + 1;
  if (days >= MONTHS_FROM) return 'month';
  return days >= WEEKS_FROM ? 'week' : 'day';
}

/** Bars without a gap over the days of an axis; it is widened by what has days beyond it. */
export function bins(
  days: ReadonlyMap<string, number>,
  axis: readonly [first: string, last: string] | null = null,
): { step: Step; bins: Bin[] } {
  const sorted = [...days].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const ends = [...(axis ?? []), ...sorted.map(([day]) => day)].sort();
  const first = ends[0];
  const last = ends.at(-1);
  if (!first || !last) return { step: 'day', bins: [] };
  const step = stepFor(first, last);
  const made: Bin[] = [];
  for (let from = startOf(first, step); from <= last; from = addDays((made.at(-1) as Bin).to, 1)) {
    made.push({ from, to: endOf(from, step), count: 0 });
  }
  let at = 0;
  for (const [day, count] of sorted) {
    while (at < made.length - 1 && day > (made[at] as Bin).to) at += 1;
    (made[at] as Bin).count += count;
  }
  return { step, bins: made };
}

function startOf(day: string, step: Step): string {
  if (step === 'month') return `${day.slice(0, 7)}-01`;
  if (step === 'day') return day;
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7; // Monday is 0
  return addDays(day, -weekday);
}

function endOf(from: string, step: Step): string {
  if (step === 'day') return from;
  if (step === 'week') return addDays(from, 6);
  const [year, month] = from.split('-').map(Number) as [number, number];
  return addDays(new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10), -1);
}

/** The bars that an interval covers, first and last; all of them when it has open sides. */
export function covered(made: readonly Bin[], from: string | null, to: string | null): [number, number] {
  const last = made.length - 1;
  const start = from ? made.findIndex((bin) => bin.to >= from) : 0;
  const end = to ? made.findLastIndex((bin) => bin.from <= to) : last;
  const a = start < 0 ? last : start;
  return [a, Math.max(a, end < 0 ? 0 : end)];
}
