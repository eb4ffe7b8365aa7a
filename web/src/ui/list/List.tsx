import { useEffect, useRef, useState } from 'preact/hooks';
import { fill, plural } from '../../i18n/index.ts';
import { COLLECTIONS, SORTS, sortOf } from '../../state/model.ts';
import { type Results, ready } from '../../state/state.ts';
import { useApp } from '../context.ts';
import { Ready } from '../Ready.tsx';
import { Beginning } from './Beginning.tsx';
import { Row } from './Row.tsx';

/** How long the count in view must stay before it is spoken, in milliseconds. */
const SPOKEN_AFTER_MS = 600;

/** What is in view, fifty at a time. Rows out of sight are not laid out. */
export function List() {
  const { controller, state, lang, text } = useApp();
  const total = ready(state.counts[state.list])?.total;
  const results = ready(state.results);
  const summary = results && summaryOf(results, total);
  const spoken = useSettled(summary ?? '', SPOKEN_AFTER_MS);

  function summaryOf(found: Results, all: number | undefined): string {
    const n = found.total.toLocaleString(lang);
    if (all === undefined || !found.inView) return plural(lang, text.resultCount, found.total);
    return fill(lang, text.inViewOf, { n, m: all.toLocaleString(lang) });
  }

  return (
    <section class="results" aria-labelledby="results">
      <h2 id="results" class="unseen" tabIndex={-1}>
        {text.list}
      </h2>
      <ListSwitch />
      <div class="list-head">
        <p class="in-view" aria-hidden={spoken !== summary}>
          {summary ?? text.loading}
        </p>
        <SortSwitch />
      </div>
      <p class="unseen" aria-live="polite">
        {spoken}
      </p>
      <Ready what={state.results} failed={text.listFailed}>
        {(shown) =>
          shown.items.length === 0 ? (
            <p class="empty">{text.listNone}</p>
          ) : (
            <>
              <ol class="rows" onMouseLeave={() => controller.point(null)}>
                {shown.items.map((item) => (
                  <Row key={item.id} item={item} collection={shown.collection} />
                ))}
              </ol>
              <Beginning {...shown} />
              {shown.next && <More busy={state.more} label={text.more} onMore={() => controller.more()} />}
            </>
          )
        }
      </Ready>
    </section>
  );
}

/** By what the list and the table are sorted. */
export function SortSwitch() {
  const { controller, state, text } = useApp();
  return (
    <label class="sort">
      {text.sortedBy}{' '}
      <select
        value={sortOf(state) ?? ''}
        onChange={({ currentTarget: { value } }) =>
          controller.change({ sort: SORTS.find((sort) => sort === value) ?? null })
        }
      >
        <option value="">{state.list === 'events' ? text.sort.start : text.sort.usual}</option>
        {SORTS.map(
          (sort) =>
            (state.near || sort !== 'distance') && (
              <option key={sort} value={sort}>
                {text.sort[sort]}
              </option>
            ),
        )}
      </select>
    </label>
  );
}

/** Actors or events. */
export function ListSwitch() {
  const { controller, state, lang, text } = useApp();
  return (
    <fieldset class="segments" aria-label={text.listOf}>
      {COLLECTIONS.map((collection) => (
        <button
          key={collection}
          type="button"
          aria-pressed={state.list === collection}
          onClick={() => controller.change({ list: collection })}
        >
          {text[collection]}
          <span class="number">{ready(state.counts[collection])?.total.toLocaleString(lang)}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** A button for more, which presses itself when it comes into sight. */
function More({ busy, label, onMore }: { busy: boolean; label: string; onMore(): void }) {
  const button = useRef<HTMLButtonElement>(null);
  const act = useRef(onMore);
  act.current = onMore;
  useEffect(() => {
    if (!button.current || !('IntersectionObserver' in window)) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && act.current(), {
      rootMargin: '400px',
    });
    seen.observe(button.current);
    return () => seen.disconnect();
  }, [busy]);
  return (
    <button type="button" class="wide" ref={button} aria-busy={busy} onClick={onMore}>
      {label}
    </button>
  );
}

/** A value once it has stayed the same for a while. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
