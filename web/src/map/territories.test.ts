import { expect, test } from 'vitest';
import { contains, jumps } from './territories.ts';

test('a territory of one part has no jumps', () => {
  expect(jumps([55.2, -21.4, 55.9, -20.8])).toEqual([]);
  expect(jumps([-5.2, 41.3, 9.6, 51.1])).toEqual([]);
});

test('France with its overseas has all six', () => {
  expect(jumps([-61.9, -21.4, 55.9, 51.2])).toHaveLength(6);
});

test('bounds may cross the antimeridian', () => {
  expect(contains([163, -24, -176, -12], [-178.3, -14.4, -176.1, -13.1])).toBe(true);
  expect(contains([163, -24, -176, -12], [0, -20, 1, -19])).toBe(false);
});
