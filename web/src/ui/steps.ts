import type { Unit } from '../api/types.ts';

/** A step of the way from the country down to the perimeter. */
export interface Step {
  /** where it leads */
  unit: Unit;
  /** what it is called after besides: the region of which `unit` is the only department; else `unit` itself */
  first: Unit;
  /** the unit whose parts stand beside it */
  parent: Unit | undefined;
}

/** The way as it is shown: a region and its only department, one territory of one name, are one step. */
export function stepsOf(way: readonly Unit[]): Step[] {
  const steps: Step[] = [];
  for (const [at, unit] of way.entries()) {
    const last = steps.at(-1);
    if (last && isSamePlace(last.unit, unit)) last.unit = unit;
    else steps.push({ unit, first: unit, parent: way[at - 1] });
  }
  return steps;
}

const isSamePlace = (one: Unit, other: Unit) =>
  one.name === other.name && one.bbox && JSON.stringify(one.bbox) === JSON.stringify(other.bbox);
