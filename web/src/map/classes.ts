/** The bounds of one class of counts, both included, and how many units are in it. */
export interface CountClass {
  from: number;
  to: number;
  units: number;
}

export const CLASSES = 5;

/**
 * Parts the counts above 0 into at most five classes of about as many units each. Equal counts are never parted, so
 * there may be fewer classes; a count of 0 is in none.
 */
export function classify(counts: Iterable<number>, most = CLASSES): CountClass[] {
  const sorted = [...counts].filter((count) => count > 0).sort((a, b) => a - b);
  const classes: CountClass[] = [];
  let start = 0;
  for (let i = 1; i <= most && start < sorted.length; i += 1) {
    let end = Math.max(start + 1, Math.round((sorted.length * i) / most));
    while (end < sorted.length && sorted[end] === sorted[end - 1]) end += 1;
    if (end > sorted.length) end = sorted.length;
    classes.push({ from: sorted[start] as number, to: sorted[end - 1] as number, units: end - start });
    start = end;
  }
  return classes;
}

/** The class of a count; -1 when it is in none. */
export const classOf = (classes: readonly CountClass[], count: number): number =>
  classes.findIndex(({ from, to }) => count >= from && count <= to);

/** The colour of a class, of five from few to many: where there are fewer classes they are spread over all five. */
export const toneOf = (at: number, classes: number): number =>
  classes > 1 ? Math.round((at * (CLASSES - 1)) / (classes - 1)) : Math.floor(CLASSES / 2);
