// Figures of the run. Bytes and counts are bounds that fail; times are only told, for they are the machine's.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUT } from './paths.mjs';

const rows = [];
const nice = (value) =>
  typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 1 }) : value;

/** Notes a figure; `most` is a bound. */
export function budget(page, what, value, unit, most = null) {
  rows.push({ page, what, value, unit, most });
  if (most !== null)
    assert.ok(value <= most, `${page}: ${what} ${nice(value)} ${unit}, at most ${nice(most)}`);
}

/** Prints all figures as a table, and keeps it in build/e2e/budgets.md. */
export function printBudgets() {
  if (rows.length === 0) return;
  const cells = rows.map(({ page, what, value, unit, most }) => [
    page,
    what,
    `${nice(value)} ${unit}`.trim(),
    most === null ? '' : `${nice(most)} ${unit}`.trim(),
  ]);
  const head = ['page', 'what', 'measured', 'at most'];
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const table = [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'budgets.md'), `${table}\n`);
  console.log(table);
}
