import { expect, test } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { readQuery } from '../state/address.ts';
import { apiQuery, datetime, filterCount, sortby } from './query.ts';

const config: Config = { ...readConfig(document, ['fr']), perimeter: { id: 'region:04', whole: false } };
const filter = readQuery(
  new URLSearchParams('kind=association,concert&q=jazz&from=2026-03-01&near=55.4,-21&radius=2000'),
  config,
);

test('each collection is asked what concerns it', () => {
  expect(apiQuery(filter, config, 'actors')).toEqual({
    within: 'region:04',
    theme: '',
    kind: 'association',
    q: 'jazz',
    near: '55.4,-21',
    radius: 2000,
  });
  expect(apiQuery(filter, config, 'events')).toMatchObject({ kind: 'concert', datetime: '2026-03-01/..' });
  expect(apiQuery(filter, config, 'events', 'time', 'kind')).not.toHaveProperty('datetime');
});

test('a perimeter that holds everything leaves nothing out', () => {
  const whole: Config = { ...config, perimeter: { id: 'region:04', whole: true } };
  expect(apiQuery(filter, whole, 'actors').within).toBeNull();
  const unit = { ...filter, unit: 'municipality:97411' };
  expect(apiQuery(unit, whole, 'actors').within).toBe('municipality:97411');
});

test('days are an interval of the API', () => {
  expect(datetime({ from: null, to: null })).toBeNull();
  expect(datetime({ from: null, to: '2026-03-01' })).toBe('../2026-03-01');
  expect(datetime({ from: '2026-03-01', to: '2026-03-01' })).toBe('2026-03-01/2026-03-01');
});

test('an order by distance needs a place to measure from', () => {
  const near = { lon: 55.4, lat: -21, radius: 2000 };
  expect(sortby('actors', { sort: 'distance', near })).toBe('distance');
  expect(sortby('events', { sort: 'distance', near })).toBe('distance');
  expect(sortby('actors', { sort: 'distance', near: null })).toBeNull();
  expect(sortby('events', { sort: 'distance', near: null })).toBe('start');
  expect(sortby('events', { sort: 'name', near })).toBe('name');
});

test('filters are counted, the perimeter is none', () => {
  expect(filterCount({ ...filter, unit: 'municipality:97411' })).toBe(5);
});
