import { useEffect, useRef, useState } from 'preact/hooks';
import type { Controller } from '../control/controller.ts';
import { readSwitches, SWITCHES } from '../embed.ts';
import { Breadcrumb } from './Breadcrumb.tsx';
import { Card } from './card/Card.tsx';
import { AppContext, useApp, useAppValue } from './context.ts';
import { Chips } from './filters/Chips.tsx';
import { Filters } from './filters/Filters.tsx';
import { Icon } from './Icon.tsx';
import { List } from './list/List.tsx';
import { MapLegend } from './MapLegend.tsx';
import { Notices } from './Notices.tsx';
import { Search } from './Search.tsx';
import { TimeSlot } from './time/TimeSlot.tsx';

interface Props {
  controller: Controller;
  startMap(container: HTMLElement): Promise<void>;
}

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
            {on.search && <Search />}
          </header>
        )}
        {side && (
          <aside class="embed-side" aria-label={text.panel}>
            <Chips />
            {on.filters && <Filters />}
            {(on.list || withoutMap) && <List />}
          </aside>
        )}
        <main class="stage">
          {on.title && (
            <div class="strip">
              <Breadcrumb />
            </div>
          )}
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
          {on.time && <TimeSlot place="stage" />}
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
