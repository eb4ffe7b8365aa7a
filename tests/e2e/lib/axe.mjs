// axe-core over the page as it is now: WCAG 2.0, 2.1 and 2.2, A and AA.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { budget } from './budget.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Fails on any violation; `state` names what is shown. */
export async function assertAccessible(stage, state) {
  const { page } = stage;
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const found = await page.evaluate(async (tags) => {
    const { violations, passes } = await window.axe.run(document, {
      runOnly: tags,
      resultTypes: ['violations'],
    });
    return { passes: passes.length, violations };
  }, TAGS);
  const told = found.violations.map(({ id, help, nodes }) => {
    const places = nodes
      .slice(0, 3)
      .map(
        ({ target, any, html }) =>
          `\n    ${target.join(' ')}\n      ${any[0]?.message ?? html.slice(0, 200)}`,
      );
    return `${id}: ${help}, ${nodes.length} times${places.join('')}`;
  });
  budget(state, 'axe: rules passed', found.passes, '');
  budget(state, 'axe: violations', told.length, '');
  assert.deepEqual(told, [], `axe on ${state}`);
}
