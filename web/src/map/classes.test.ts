import { expect, test } from 'vitest';
import { classify, classOf, toneOf } from './classes.ts';

test('five classes of about as many units each, from the counts themselves', () => {
  const classes = classify([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(classes.map(({ from, to, units }) => [from, to, units])).toEqual([
    [1, 2, 2],
    [3, 4, 2],
    [5, 6, 2],
    [7, 8, 2],
    [9, 10, 2],
  ]);
  expect(classOf(classes, 7)).toBe(3);
});

test('equal counts are one class, and nothing is in none', () => {
  expect(classify([4, 4, 4, 0, 0])).toEqual([{ from: 4, to: 4, units: 3 }]);
  expect(classify([0, 0])).toEqual([]);
  expect(classOf(classify([4, 9]), 0)).toBe(-1);
});

test('every count above 0 has exactly one class', () => {
  const counts = [1, 1, 1, 1, 1, 1, 1, 2, 3, 900, 901, 5000];
  const classes = classify(counts);
  expect(classes.reduce((sum, { units }) => sum + units, 0)).toBe(counts.length);
  for (const count of counts) expect(classOf(classes, count)).toBeGreaterThanOrEqual(0);
});

test('few classes are as far apart as many', () => {
  expect([0, 1, 2].map((at) => toneOf(at, 3))).toEqual([0, 2, 4]);
  expect([0, 1, 2, 3, 4].map((at) => toneOf(at, 5))).toEqual([0, 1, 2, 3, 4]);
  expect(toneOf(0, 1)).toBe(2);
});
