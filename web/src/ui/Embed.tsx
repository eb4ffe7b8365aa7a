import { useEffect, useRef, useState } from 'preact/hooks';
import type { Controller } from '../control/controller.ts';
import { readSwitches, SWITCHES } from '../embed.ts';
import { Card } from './card/Card.tsx';
import { AppContext, useApp, useAppValue, useLazy } from './context.ts';
import { Icon } from './Icon.tsx';
import { MapLegend } from './MapLegend.tsx';
import { Notices } from './Notices.tsx';
import '../css/embed.css';

interface Props {
  controller: Controller;
  startMap(container: HTMLElement): Promise<void>;
}

// what most embeds do without comes with the file of the whole page
const loadSearch = () => import('./Search.tsx').then((part) => part.Search);
const loadCrumbs = () => import('./Breadcrumb.tsx').then((part) => part.Breadcrumb);
const loadChips = () => import('./filters/Chips.tsx').then((part) => part.Chips);
const loadFilters = () => import('./filters/Filters.tsx').then((part) => part.Filters);
const loadList = () => import('./list/List.tsx').then((part) => part.List);
const loadTime = () => import('./time/TimeSlot.tsx').then((part) => part.TimeSlot);

/** The map inside another page: only what its address switches on. */
export function Embed({ controller, startMap }: Props) {
  const value = useAppValue(controller);
  const map = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (map.current) void startMap(map.current);
  }, [startMap]);
  const { config, state, lang, text } = value;
  const [on] = useState(() => readSwitches(new URLSearchParams(location.search)));
  const withoutMap = state.notice === 'mapFailed';
  const side = on.filters || on.list || withoutMap;
  const Search = useLazy(loadSearch, on.search);
  const Breadcrumb = useLazy(loadCrumbs, on.title);
  const Chips = useLazy(loadChips, side);
  const Filters = useLazy(loadFilters, on.filters);
  const List = useLazy(loadList, on.list || withoutMap);
  const TimeSlot = useLazy(loadTime, on.time);
  const zoom = (label: string, icon: 'plus' | 'minus', steps: number) => (
    <button type="button" aria-label={label} title={label} onClick={() => controller.map?.zoomBy(steps)}>
      <Icon name={icon} />
    </button>
  );

  return (
    <AppContext.Provider value={value}>
      <div class={side ? 'embed with-side' : 'embed'}>
        {(on.title || on.search) && (
          <header class="embed-top">
            {on.title && <h1>{config.title[lang]}</h1>}
            {Search && <Search />}
          </header>
        )}
        {side && (
          <aside class="embed-side" aria-label={text.panel}>
            {Chips && <Chips />}
            {Filters && <Filters />}
            {List && <List />}
          </aside>
        )}
        <main class="stage">
          {on.title && <div class="strip">{Breadcrumb && <Breadcrumb />}</div>}
          <div class="canvas">
            <div class="map" ref={map} />
            <div class="zoom" role="group" aria-label={text.mapControls} hidden={withoutMap}>
              {on.zoom && zoom(text.zoomIn, 'plus', 1)}
              {on.zoom && zoom(text.zoomOut, 'minus', -1)}
              {on.fullscreen && document.fullscreenEnabled && (
                <button
                  type="button"
                  aria-label={text.fullscreen}
                  title={text.fullscreen}
                  onClick={toggleFull}
                >
                  <Icon name="full" />
                </button>
              )}
            </div>
            {on.legend && !withoutMap && <MapLegend />}
            <FullLink />
            <Notices />
            <Card />
          </div>
          {TimeSlot && <TimeSlot place="stage" />}
        </main>
      </div>
    </AppContext.Provider>
  );
}

/** The same view on a page of its own; its address is written when it is pressed, for the map moves without a word. */
function FullLink() {
  const { text } = useApp();
  const renew = (event: { currentTarget: HTMLAnchorElement }) => {
    event.currentTarget.href = fullHref();
  };
  return (
    <a
      class="full-link"
      href={fullHref()}
      target="_blank"
      rel="noopener"
      onFocus={renew}
      onMouseEnter={renew}
      onPointerDown={renew}
    >
      {text.share.openFull}
    </a>
  );
}

function fullHref(): string {
  const url = new URL('.', document.baseURI);
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (!(key in SWITCHES) && key !== 'e2e') url.searchParams.set(key, value);
  }
  url.hash = location.hash;
  return url.href;
}

function toggleFull(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}
