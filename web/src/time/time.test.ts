import { expect, test } from 'vitest';
import type { Item } from '../api/types.ts';
import { bins, covered } from './bins.ts';
import { addDays, byDay, dayIn, today, windowAfter } from './days.ts';

const event = (id: string, start: string, end: string, timezone = 'UTC'): Item => ({
  id,
  geometry: null,
  properties: { name: id, start, end, timezone },
});

test('days are counted over months and leap years', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(today(new Date(2026, 2, 1, 23, 59))).toBe('2026-03-01');
});

test('an event is on the day of its own place', () => {
  expect(dayIn(new Date('2026-03-13T22:00:00Z'), 'Indian/Reunion')).toBe('2026-03-14');
  expect(dayIn(new Date('2026-03-13T22:00:00Z'), 'America/Cayenne')).toBe('2026-03-13');
  expect(dayIn(new Date('2026-03-13T22:00:00Z'), 'Moon/Sea')).toBe('2026-03-13');
});

test('an agenda has an event on each of its days, those that begin first, and none on the day it ends at midnight', () => {
  const days = byDay(
    [
      event('fair', '2026-03-01T08:00:00Z', '2026-03-04T00:00:00Z'),
      event('talk', '2026-03-02T18:00:00Z', '2026-03-02T20:00:00Z'),
      event('none', 'soon', 'later'),
    ],
    { from: '2026-03-02', to: '2026-03-31' },
  );
  expect(days.map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-03']);
  expect(days[0]?.events.map(({ item, since }) => [item.id, since])).toEqual([
    ['talk', false],
    ['fair', true],
  ]);
});

test('an agenda starts where there is something', () => {
  const counts = new Map([
    ['2026-03-01', 3],
    ['2026-06-01', 500],
  ]);
  expect(windowAfter(counts, '2026-03-01', null)).toEqual({ from: '2026-03-01', to: '2026-03-28' });
  expect(windowAfter(counts, '2026-04-10', null)).toEqual({ from: '2026-06-01', to: '2026-06-01' });
  expect(windowAfter(counts, '2027-01-01', null).to).toBe('2026-06-01');
  expect(windowAfter(counts, '2026-03-01', '2026-03-05').to).toBe('2026-03-05');
  expect(windowAfter(new Map(), '2026-03-01', null).from).toBe('2026-03-01');
});

test('bars are days, weeks from Monday or months, without gaps, and hold every event once', () => {
  const few = bins(
    new Map([
      ['2026-03-01', 2],
      ['2026-03-05', 1],
    ]),
  );
  expect([few.step, few.bins.length]).toEqual(['day', 5]);
  const weeks = bins(
    new Map([
      ['2026-03-01', 2],
      ['2026-06-30', 1],
    ]),
  );
  expect(weeks.step).toBe('week');
  expect(weeks.bins[0]).toEqual({ from: '2026-02-23', to: '2026-03-01', count: 2 });
  const months = bins(
    new Map([
      ['2026-02-10', 2],
      ['2029-03-01', 5],
      ['2027-12-31', 1],
    ]),
  );
  expect(months.step).toBe('month');
  expect(months.bins[0]).toEqual({ from: '2026-02-01', to: '2026-02-28', count: 2 });
  expect(months.bins.at(-1)).toEqual({ from: '2029-03-01', to: '2029-03-31', count: 5 });
  expect(months.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(8);
  expect(bins(new Map()).bins).toEqual([]);
  expect(bins(new Map([['2026-03-05', 1]]), ['2026-03-01', '2026-03-10']).bins).toHaveLength(10);
});

test('an interval covers the bars it touches', () => {
  const { bins: made } = bins(
    new Map([
      ['2026-03-01', 1],
      ['2026-03-10', 1],
    ]),
  );
  expect(covered(made, null, null)).toEqual([0, 9]);
  expect(covered(made, '2026-03-03', '2026-03-04')).toEqual([2, 3]);
  expect(covered(made, '2027-01-01', null)).toEqual([9, 9]);
  expect(covered(made, null, '2020-01-01')).toEqual([0, 0]);
});
