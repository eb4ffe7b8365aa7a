import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { SearchResult } from '../api/types.ts';
import { search } from '../api/units.ts';
import { loaded } from '../control/follow.ts';
import { fill, levelName, plural } from '../i18n/index.ts';
import type { Loaded } from '../state/state.ts';
import { useApp } from './context.ts';
import { Icon } from './Icon.tsx';

/** How long a pause in typing sends the query, in milliseconds. */
const PAUSE_MS = 160;
const MOST = 12;

const GROUPS = [
  ['places', ['unit', 'postcode']],
  ['actors', ['actor']],
  ['events', ['event']],
] as const;

type Option = { kind: 'result'; result: SearchResult } | { kind: 'filter'; q: string };

/** A combobox after the ARIA pattern: arrows choose, Enter goes, Escape closes. The last choice filters by the text. */
export function Search() {
  const { controller, state, lang, text } = useApp();
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState(state.q);
  const [found, setFound] = useState<Loaded<SearchResult[]> | null>(null);
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);

  useEffect(() => setQuery(state.q), [state.q]);

  useEffect(() => {
    const q = query.trim();
    setActive(-1);
    if (q.length < 2) return setFound(null);
    const request = new AbortController();
    const timer = setTimeout(async () => {
      const results = await loaded(search(q, lang, MOST, request.signal));
      if (!request.signal.aborted) setFound(results);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [query, lang]);

  const results = found?.state === 'ready' ? found.value : [];
  const groups = GROUPS.map(([name, types]) => ({
    name,
    results: results.filter((result) => (types as readonly string[]).includes(result.type)),
  })).filter((group) => group.results.length > 0);
  const q = query.trim();
  const options: Option[] = [
    ...groups.flatMap((group) => group.results.map((result): Option => ({ kind: 'result', result }))),
    ...(q.length >= 2 && /[\p{L}\p{N}]/u.test(q) ? [{ kind: 'filter', q } as const] : []),
  ];
  const shown = open && found !== null;

  function choose(option: Option) {
    setOpen(false);
    if (option.kind === 'filter') {
      controller.change({ q: option.q, view: state.view === 'map' ? 'list' : state.view });
      return;
    }
    setQuery(state.q);
    void controller.goTo(option.result);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      if (!open && !query) return;
      if (!open) clear();
      setOpen(false);
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && options.length > 0) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setOpen(true);
      setActive((active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if (event.key === 'Enter') {
      const option = options[active] ?? (q ? options[0] : undefined);
      if (shown && option) choose(option);
    } else return;
    event.preventDefault();
  }

  function clear() {
    setQuery('');
    if (state.q) controller.change({ q: '' });
  }

  const optionProps = (option: Option) => {
    const index = options.indexOf(option);
    return {
      id: `${listId}-${index}`,
      role: 'option' as const,
      tabIndex: -1,
      'aria-selected': index === active,
      onPointerDown: (event: Event) => event.preventDefault(),
      onClick: () => choose(option),
    };
  };

  return (
    <search class="search">
      <Icon name="search" />
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
        aria-expanded={shown && options.length > 0}
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
      {query && (
        <button
          type="button"
          class="square bare clear"
          aria-label={text.clear}
          onClick={() => {
            clear();
            input.current?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      )}
      <div class="found" hidden={!shown}>
        {found?.state === 'ready' && results.length === 0 && <p>{text.searchEmpty}</p>}
        {found?.state === 'failed' && <p class="failed">{text.searchFailed}</p>}
        <div id={listId} role="listbox" aria-label={text.searchLabel} hidden={options.length === 0}>
          {groups.map((group) => (
            <div key={group.name} role="group" aria-label={text.group[group.name]}>
              <p class="group-name" role="presentation">
                {text.group[group.name]}
              </p>
              {options
                .filter((option) => option.kind === 'result' && group.results.includes(option.result))
                .map((option) => (
                  <div key={optionProps(option).id} {...optionProps(option)}>
                    {option.kind === 'result' && <Found result={option.result} />}
                  </div>
                ))}
            </div>
          ))}
          {options
            .filter((option) => option.kind === 'filter')
            .map((option) => (
              <div key="filter" class="filter-by" {...optionProps(option)}>
                {fill(lang, text.filterBy, { q })}
              </div>
            ))}
        </div>
      </div>
      <p class="unseen" aria-live="polite">
        {shown && found?.state === 'ready' && plural(lang, text.resultCount, results.length)}
        {shown && found?.state === 'ready' && results.length === 0 && ` ${text.searchEmpty}`}
        {shown && found?.state === 'failed' && text.searchFailed}
      </p>
    </search>
  );
}

function Found({ result }: { result: SearchResult }) {
  const { lang, text } = useApp();
  const kind = result.level ? levelName(lang, result.level) : text.type[result.type];
  return (
    <>
      <span class="found-name">
        <span>{result.name}</span>
        {result.example && <span class="badge">{text.example}</span>}
      </span>
      <span class="found-detail">{[kind, result.code, result.detail].filter(Boolean).join(' · ')}</span>
    </>
  );
}
