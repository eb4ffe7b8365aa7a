import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { type SearchResult, search } from '../api.ts';
import type { Controller } from '../controller.ts';
import { type Lang, labelOf, messages, plural } from '../i18n/index.ts';
import type { Loaded } from '../state.ts';

/** How long a pause in typing sends the query, in milliseconds. */
const PAUSE_MS = 180;

/** A combobox after the ARIA pattern: arrows choose, Enter goes, Escape closes. */
export function Search({ lang, controller }: { lang: Lang; controller: Controller }) {
  const text = messages(lang);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<Loaded<SearchResult[]> | null>(null);
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const q = query.trim();
    setActive(-1);
    if (q.length < 2) return setFound(null);
    const request = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { results } = await search(q, lang, request.signal);
        if (!request.signal.aborted) setFound({ state: 'ready', value: results });
      } catch {
        if (!request.signal.aborted) setFound({ state: 'failed', why: '' });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [query, lang]);

  const results = found?.state === 'ready' ? found.value : [];
  const shown = open && found !== null;

  function choose(result: SearchResult) {
    setOpen(false);
    setQuery(result.name);
    void controller.goTo(result);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      if (!open && query) setQuery('');
      setOpen(false);
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && results.length > 0) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setOpen(true);
      setActive((active + step + results.length + (active < 0 && step < 0 ? 1 : 0)) % results.length);
    } else if (event.key === 'Enter') {
      const result = results[Math.max(active, 0)];
      if (shown && result) choose(result);
    } else return;
    event.preventDefault();
  }

  return (
    <search class="search">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" />
        <path d="m10.5 10.5 3.5 3.5" />
      </svg>
      <input
        id="search"
        ref={input}
        type="text"
        inputMode="search"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        maxLength={100}
        enterkeyhint="search"
        placeholder={text.searchLabel}
        aria-label={text.searchLabel}
        aria-autocomplete="list"
        aria-expanded={shown && results.length > 0}
        aria-controls={listId}
        aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div class="found" hidden={!shown}>
        <div id={listId} role="listbox" aria-label={text.searchLabel} hidden={results.length === 0}>
          {results.map((result, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys, as the combobox pattern asks
            <div
              key={`${result.type} ${result.id}`}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(result)}
            >
              <span class="found-name">
                {result.name}
                {result.example && <span class="badge">{text.example}</span>}
              </span>
              <span class="found-detail">
                {[
                  result.level ? text.level[result.level as 1] : labelOf(text.type, result.type),
                  result.code,
                  result.detail,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
          ))}
        </div>
        {found?.state === 'ready' && results.length === 0 && <p>{text.searchEmpty}</p>}
        {found?.state === 'failed' && <p class="failed">{text.searchFailed}</p>}
      </div>
      <p class="unseen" aria-live="polite">
        {shown && found?.state === 'ready' && plural(lang, text.resultCount, results.length)}
        {shown && found?.state === 'ready' && results.length === 0 && ` ${text.searchEmpty}`}
        {shown && found?.state === 'failed' && text.searchFailed}
      </p>
    </search>
  );
}
