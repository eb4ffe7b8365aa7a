import { useEffect, useRef } from 'preact/hooks';
import { filterCount } from '../control/query.ts';
import { ready } from '../state/state.ts';
import { useApp, useNarrow } from './context.ts';
import { Footer } from './Footer.tsx';
import { Chips } from './filters/Chips.tsx';
import { Filters } from './filters/Filters.tsx';
import { Icon } from './Icon.tsx';
import { List } from './list/List.tsx';
import { PerimeterHead } from './PerimeterHead.tsx';
import { SheetHandle } from './SheetHandle.tsx';

/** Beside the map: what is looked at, and either the filters or the list. On a phone, a sheet over the map's foot. */
export function Panel() {
  const { controller, state, lang, text } = useApp();
  const narrow = useNarrow();
  const body = useRef<HTMLDivElement>(null);
  const list = state.view === 'list';
  const filters = filterCount(state);
  const total = ready(state.counts[state.list])?.total;

  useEffect(() => {
    body.current?.scrollTo({ top: 0 });
  }, [list]);

  const tab = (id: 'filters' | 'list', selected: boolean) => ({
    id: `tab-${id}`,
    type: 'button' as const,
    role: 'tab' as const,
    'aria-selected': selected,
    'aria-controls': 'panel-body',
    tabIndex: selected ? 0 : -1,
    onClick: () => {
      if (narrow && state.sheet === 'low') controller.store.update({ sheet: 'half' });
      if (!selected) controller.change({ view: id === 'list' ? 'list' : 'map' });
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      controller.change({ view: id === 'list' ? 'map' : 'list' });
      document.getElementById(id === 'list' ? 'tab-filters' : 'tab-list')?.focus();
    },
  });

  return (
    <aside class="panel" aria-label={text.panel}>
      {narrow && <SheetHandle />}
      <div class="tabs" role="tablist" aria-label={text.panel}>
        <button {...tab('filters', !list)}>
          <Icon name="filter" />
          {text.filters}
          {filters > 0 && <span class="bubble">{filters.toLocaleString(lang)}</span>}
        </button>
        <button {...tab('list', list)}>
          <Icon name="list" />
          {text.list}
          {total !== undefined && <span class="tab-count">{total.toLocaleString(lang)}</span>}
        </button>
      </div>
      <div
        id="panel-body"
        class="panel-body"
        role="tabpanel"
        aria-labelledby={list ? 'tab-list' : 'tab-filters'}
        ref={body}
      >
        <Chips />
        {list ? (
          <List />
        ) : (
          <>
            <PerimeterHead />
            <Filters />
            <Footer />
          </>
        )}
      </div>
    </aside>
  );
}
