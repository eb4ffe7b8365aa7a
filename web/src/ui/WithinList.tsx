import { useApp } from './context.ts';

/** From so many entries on a list has a field to search it. */
const SEARCHABLE = 8;

/** A field to search a list of so many entries; nothing for a short one. */
export function WithinList({ entries, q, setQ }: { entries: number; q: string; setQ(q: string): void }) {
  const { text } = useApp();
  if (entries < SEARCHABLE) return null;
  return (
    <input
      type="search"
      class="within-list"
      aria-label={text.searchIn}
      placeholder={text.searchIn}
      value={q}
      onInput={(event) => setQ(event.currentTarget.value)}
    />
  );
}
