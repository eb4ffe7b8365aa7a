import { expect, test } from 'vitest';
import { readHash, writeHash } from './hash.ts';

test('both forms of a place are read, and the new one is written', () => {
  const place = { zoom: 12.5, lat: -20.88, lon: 55.45 };
  expect(readHash('#map=12.5/-20.88/55.45')).toEqual(place);
  expect(readHash('#12.5/-20.88/55.45')).toEqual(place);
  expect(readHash(writeHash(place))).toEqual(place);
  expect(writeHash(place)).toBe('#map=12.5/-20.88/55.45');
});

test.each(['', '#', '#map=', '#map=5', '#map=a/b/c', '#5/91/0', '#map=5//3', '#top', '#map=5/0/999'])(
  'no place: %s',
  (hash) => {
    expect(readHash(hash)).toBeNull();
  },
);
