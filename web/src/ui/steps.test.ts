import { expect, test } from 'vitest';
import type { Unit } from '../api/types.ts';
import { stepsOf } from './steps.ts';

const unit = (id: string, level: number, name: string, east: number): Unit => ({
  id,
  level,
  name,
  code: null,
  bbox: [55, -21, east, -20],
});
const france = unit('country:FR', 1, 'France', 70);
const region = unit('region:04', 2, 'La Réunion', 56);
const department = unit('department:974', 3, 'La Réunion', 56);

test('a region and its only department are one step, which leads to the department', () => {
  const steps = stepsOf([france, region, department]);
  expect(steps.map(({ unit, first, parent }) => [first.id, unit.id, parent?.id])).toEqual([
    ['country:FR', 'country:FR', undefined],
    ['region:04', 'department:974', 'country:FR'],
  ]);
});

test('two places of one name, or two names of one place, stay two steps', () => {
  expect(stepsOf([region, unit('municipality:97400', 5, 'La Réunion', 55.5)])).toHaveLength(2);
  expect(stepsOf([region, { ...department, name: 'Réunion (department)' }])).toHaveLength(2);
});
