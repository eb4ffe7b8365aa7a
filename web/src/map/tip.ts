import { fill, messages, plural } from '../i18n/index.ts';
import { ready, type State } from '../state/state.ts';
import type { Under } from './press.ts';

/** The longest name that a tip says whole. */
const LONGEST = 120;
const cut = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);

/** What the tip beside the pointer says of what is under it; null says nothing. */
export function tipText(state: State, found: Under): string | null {
  const { lang } = state;
  const text = messages(lang);
  switch (found.kind) {
    case 'point': {
      const { example } = found.point;
      const name = cut(found.point.name);
      return example ? fill(lang, text.tipExample, { name }) : name;
    }
    case 'cluster':
      return plural(lang, text.countOf[found.collection], found.count);
    case 'cell':
      return plural(lang, text.resultCount, found.count);
    case 'area': {
      const count = ready(state.area)?.counts.get(found.id);
      return count === undefined
        ? cut(found.name)
        : `${cut(found.name)} · ${plural(lang, text.resultCount, count)}`;
    }
    case 'crowd':
      return text.hereTitle;
    case 'nothing':
      return null;
  }
}
