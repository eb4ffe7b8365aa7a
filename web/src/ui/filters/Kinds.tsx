import { useState } from 'preact/hooks';
import type { PointCollection } from '../../api/types.ts';
import { kindOf } from '../../control/query.ts';
import { labelOf } from '../../i18n/index.ts';
import { ready } from '../../state/state.ts';
import { holds } from '../../text.ts';
import { useApp } from '../context.ts';
import { WithinList } from '../WithinList.tsx';
import type { Value } from './values.ts';

/** The kinds of a collection, folded away until they are wanted. */
export function Kinds({ collection }: { collection: PointCollection }) {
  const { controller, state, lang, text } = useApp();
  const [q, setQ] = useState('');
  const tally = ready(state.counts[collection])?.kinds;
  const chosen = state.kinds.filter((kind) => kindOf(kind) === collection);
  const counted = new Map((tally?.values ?? []).map(({ value, count }) => [value, count]));
  const codes = [...new Set([...counted.keys(), ...chosen])];
  if (codes.length === 0 || !state.show[collection]) return null;
  const values: Value[] = codes
    .map((code) => ({
      code,
      label: labelOf(text.kind, code),
      count: tally ? (counted.get(code) ?? 0) : null,
      chosen: chosen.includes(code),
    }))
    .sort((a, b) => (b.count ?? 0) - (a.count ?? 0) || a.label.localeCompare(b.label, lang));
  const others = state.kinds.filter((kind) => kindOf(kind) !== collection);
  return (
    <details class="filter fold" open={chosen.length > 0 || undefined}>
      <summary>
        <h2>{text.kindsOf[collection]}</h2>
        {chosen.length > 0 && <span class="bubble">{chosen.length.toLocaleString(lang)}</span>}
      </summary>
      <WithinList entries={values.length} q={q} setQ={setQ} />
      <ul class="values">
        {values
          .filter((value) => holds(value.label, q))
          .map((value) => (
            <li key={value.code}>
              <label>
                <input
                  type="checkbox"
                  checked={value.chosen}
                  onChange={() => controller.toggle('kinds', value.code)}
                />
                <span>{value.label}</span>
                <span class="number">{value.count?.toLocaleString(lang)}</span>
              </label>
            </li>
          ))}
      </ul>
      {chosen.length > 0 && (
        <button type="button" class="reset" onClick={() => controller.change({ kinds: others })}>
          {text.allKinds}
        </button>
      )}
    </details>
  );
}
