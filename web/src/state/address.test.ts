import { describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { readQuery, writeQuery } from './address.ts';
import type { Address } from './model.ts';

const theme = (code: string) => ({ code, label: { fr: code, en: code }, colour: '#123456', icon: 'bus' });
const config: Config = {
  ...readConfig(document, ['fr']),
  themes: ['food', 'energy', 'sport'].map(theme),
  perimeter: { id: 'country:FR', whole: true },
};
const read = (query: string) => readQuery(new URLSearchParams(query), config);
const write = (address: Address, before = '') => writeQuery(new URLSearchParams(before), address, config);

test('an empty address is the default, and the default is an empty address', () => {
  expect(write(read(''))).toBe('');
  expect(read('').show).toEqual({ actors: true, events: true });
  expect(read('').view).toBe('map');
});

test('what an address says comes back word for word, keys sorted', () => {
  const query =
    'areas=0&from=2026-03-01&kind=association,concert&lang=en&layer=heat&list=events&near=55.45,-20.88&q=v%C3%A9lo' +
    '&radius=2000&scheme=dark&sel=event:x:1@20260301T080000Z&show=events&sort=name&theme=food,energy&to=2026-03-31' +
    '&unit=department:974&view=agenda';
  expect(write(read(query), query)).toBe(query);
});

test('an order by distance is in the address as long as there is a place', () => {
  const near = read('near=1,2&radius=5000&sort=distance');
  expect(near.sort).toBe('distance');
  expect(write(near)).toBe('near=1,2&radius=5000&sort=distance');
  expect(write({ ...near, near: null })).toBe('');
});

test('the edition and the switches of an embed stay, and what others hang on a link goes', () => {
  const before = 'e2e=1&edition=2026&legend=0&theme=sport&utm_source=letter&fbclid=x&view=list';
  expect(write(read('theme=food'), before)).toBe('e2e=1&edition=2026&legend=0&theme=food');
});

describe('what cannot be read is the default', () => {
  test.each([
    ['unit=974', 'unit', null],
    ['unit=canton:12', 'unit', null],
    ['unit=department:9%2F4', 'unit', null],
    ['unit=country:FR', 'unit', null],
    ['theme=food,nothing,%3Cb%3E', 'themes', ['food']],
    ['kind=%3Cscript%3E,place', 'kinds', ['place']],
    ['from=2026-02-30', 'from', null],
    ['from=soon', 'from', null],
    ['q=%20%2C-%20', 'q', ''],
    ['q=%00', 'q', ''],
    ['q=a%00b', 'q', 'a b'],
    ['sort=size', 'sort', null],
    ['near=200,10', 'near', null],
    ['near=1', 'near', null],
    ['near=1,2,3', 'near', null],
    ['near=,', 'near', null],
    ['view=globe', 'view', 'map'],
    ['sel=javascript:alert(1)', 'sel', null],
    ['sel=actor:', 'sel', null],
    ['layer=points', 'layer', 'points'],
    ['lang=de', 'lang', 'fr'],
    ['scheme=sepia', 'scheme', null],
  ] as const)('%s', (query, key, value) => {
    expect(read(query)[key]).toEqual(value);
  });
});

test('a radius keeps its bounds, and has a usual one', () => {
  expect(read('near=1,2&radius=5').near).toEqual({ lon: 1, lat: 2, radius: 100 });
  expect(read('near=1,2&radius=1e9').near?.radius).toBe(100_000);
  expect(read('near=1,2&radius=far').near?.radius).toBe(5_000);
  expect(read('near=1,2').near?.radius).toBe(5_000);
});

test('days the wrong way round are turned', () => {
  const { from, to } = read('from=2026-05-01&to=2026-04-01');
  expect([from, to]).toEqual(['2026-04-01', '2026-05-01']);
});

test('nothing shown is not everything shown', () => {
  const none = { ...read(''), show: { actors: false, events: false } };
  expect(read(write(none)).show).toEqual({ actors: false, events: false });
});
