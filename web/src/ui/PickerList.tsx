import { useMemo } from 'preact/hooks';
import type { Unit } from '../api/types.ts';
import { levelName, nameOf, shortName } from '../i18n/index.ts';
import { fold } from '../text.ts';
import { follow, useApp } from './context.ts';
import { WithinList } from './WithinList.tsx';

interface Props {
  label: string;
  /** the unit that is chosen now */
  current: string | null;
  counts?: ReadonlyMap<string, number> | undefined;
  units: Unit[];
  q: string;
  setQ(q: string): void;
  href(unit: Unit): string;
  choose(unit: Unit): void;
}

/** The units of a picker, by level and name, with a field to search many. */
export function PickerList({ units, q, setQ, current, counts, label, href, choose }: Props) {
  const { lang, text } = useApp();
  const mixed = new Set(units.map((unit) => unit.level)).size > 1;
  const found = useMemo(() => {
    const words = fold(q);
    const named = units.filter((unit) => fold(`${nameOf(lang, unit)} ${unit.code ?? ''}`).includes(words));
    return named.toSorted(
      (a, b) => a.level - b.level || nameOf(lang, a).localeCompare(nameOf(lang, b), lang),
    );
  }, [units, q, lang]);
  return (
    <>
      <WithinList entries={units.length} q={q} setQ={setQ} />
      <ul aria-label={label}>
        {found.map((unit) => (
          <li key={unit.id}>
            <a
              href={href(unit)}
              aria-current={unit.id === current ? 'true' : undefined}
              onClick={(event) => follow(event, () => choose(unit))}
            >
              <span>
                {shortName(nameOf(lang, unit))}
                {mixed && <small> {levelName(lang, unit.level)}</small>}
              </span>
              {counts?.has(unit.id) && (
                <span class="number">{counts.get(unit.id)?.toLocaleString(lang)}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="help">{text.nothingNamed}</p>}
    </>
  );
}
