import { fill } from '../../i18n/index.ts';
import type { Results } from '../../state/state.ts';
import { useApp } from '../context.ts';

/** What paper has to say in place of a button for more: that these are not all. */
export function Beginning({ items, total, next }: Results) {
  const { lang, text } = useApp();
  return next && <p class="paper-only">{fill(lang, text.rowsOf, { n: items.length, m: total })}</p>;
}
