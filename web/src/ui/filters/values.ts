import type { Tally } from '../../api/types.ts';

/** A value to choose, and how many there are of it under the other filters. */
export interface Value {
  code: string;
  label: string;
  count: number | null;
  chosen: boolean;
}

/** Adds up the counts of several tallies, by value. */
export function sum(tallies: readonly (Tally | null | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { value, count } of tallies.flatMap((tally) => tally?.values ?? [])) {
    counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return counts;
}

/** The part of the greatest count that a count is, 0 to 1, by its square root: small ones stay in sight. */
export const share = (count: number | null, most: number): number =>
  count && most > 0 ? Math.sqrt(count / most) : 0;
