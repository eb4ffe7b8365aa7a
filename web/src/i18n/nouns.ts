import type { Messages } from './index.ts';

/** What the operator calls actors and events, in one language. */
export interface Nouns {
  actor: string;
  actors: string;
  event: string;
  events: string;
}

const capital = (noun: string) => noun.slice(0, 1).toUpperCase() + noun.slice(1);

/** The messages with other nouns. What has the same noun already stays as it is written. */
export function renamed(text: Messages, nouns: Nouns): Messages {
  return renamedOne(
    renamedOne(text, 'actors', nouns.actor, nouns.actors),
    'events',
    nouns.event,
    nouns.events,
  );
}

function renamedOne(text: Messages, key: 'actors' | 'events', one: string, other: string): Messages {
  const countOf = { one: `{n} ${one}`, other: `{n} ${other}` };
  const before = text.countOf[key];
  if (before.one === countOf.one && before.other === countOf.other) return text;
  const title = capital(other);
  const single = key === 'actors' ? 'actor' : 'event';
  return {
    ...text,
    [key]: title,
    countOf: { ...text.countOf, [key]: countOf },
    group: { ...text.group, [key]: title },
    collection: { ...text.collection, [key]: title },
    kindsOf: { ...text.kindsOf, [key]: `${title} · ${text.kindColumn.toLowerCase()}` },
    type: { ...text.type, [single]: capital(one) },
    searchLabel: text.searchLabel.replace(before.one.replace('{n} ', ''), one),
  };
}
