import { useEffect, useRef, useState } from 'preact/hooks';
import type { Config } from '../config.ts';
import type { Controller } from '../controller.ts';
import { LANGS, messages } from '../i18n/index.ts';
import { DetailsCard } from './Details.tsx';
import { Downloads } from './Downloads.tsx';
import { Jumps } from './Jumps.tsx';
import { Legend } from './Legend.tsx';
import { Search } from './Search.tsx';

interface Props {
  config: Config;
  controller: Controller;
  startMap(container: HTMLElement): Promise<void>;
}

const LANGUAGE_NAMES = { fr: 'Français', en: 'English' };

export function App({ config, controller, startMap }: Props) {
  const [state, setState] = useState(controller.store.value);
  const map = useRef<HTMLDivElement>(null);
  useEffect(() => controller.store.watch(() => setState(controller.store.value)), [controller]);
  useEffect(() => {
    if (map.current) void startMap(map.current);
  }, [startMap]);

  const { lang, notice } = state;
  const text = messages(lang);
  const count = (key: string) => config.counts[key]?.toLocaleString(lang);
  const counts = (['actors', 'events', 'municipalities'] as const).filter((key) => config.counts[key]);

  return (
    <div class="page">
      <div class="skips">
        <button type="button" onClick={() => map.current?.querySelector('canvas')?.focus()}>
          {text.skipToMap}
        </button>
        <button type="button" onClick={() => document.getElementById('search')?.focus()}>
          {text.skipToSearch}
        </button>
      </div>

      <header class="top">
        <div class="brand">
          <Arch />
          <div>
            <p class="brand-name">Parvis</p>
            <h1>{config.title[lang]}</h1>
          </div>
          <fieldset class="langs" aria-label={text.language}>
            {LANGS.map((code) => (
              <button
                key={code}
                type="button"
                lang={code}
                title={LANGUAGE_NAMES[code]}
                aria-pressed={code === lang}
                onClick={() => controller.setLang(code)}
              >
                {code.toUpperCase()}
                <span class="unseen"> {LANGUAGE_NAMES[code]}</span>
              </button>
            ))}
          </fieldset>
        </div>
        <Search lang={lang} controller={controller} />
      </header>

      <main class="stage">
        <div class="map" ref={map} />
        <div class="zoom" hidden={notice === 'mapFailed'}>
          <button
            type="button"
            aria-label={text.zoomIn}
            title={text.zoomIn}
            onClick={() => controller.map?.zoomBy(1)}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M8 2v12M2 8h12" />
            </svg>
          </button>
          <button
            type="button"
            aria-label={text.zoomOut}
            title={text.zoomOut}
            onClick={() => controller.map?.zoomBy(-1)}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M2 8h12" />
            </svg>
          </button>
        </div>
        <div role="alert" class="notices">
          {notice && (
            <p class="notice">
              <span>{text[notice]}</span>
              {notice !== 'mapFailed' && (
                <button type="button" onClick={() => controller.retry()}>
                  {text.retry}
                </button>
              )}
            </p>
          )}
        </div>
        <DetailsCard config={config} state={state} controller={controller} />
      </main>

      <aside class="panel" aria-label={text.panel}>
        <p class="tagline">{text.tagline}</p>
        {counts.length > 0 && (
          <dl class="counts">
            {counts.map((key) => (
              <div key={key}>
                <dt>{text.collection[key]}</dt>
                <dd>{count(key)}</dd>
              </div>
            ))}
          </dl>
        )}
        {config.example && (
          <p class="example-notice">
            <span class="badge">{text.example}</span> {text.exampleNotice}
          </p>
        )}
        <Jumps lang={lang} bounds={config.bounds} withMap={notice !== 'mapFailed'} controller={controller} />
        <Legend config={config} state={state} controller={controller} />
        <Downloads lang={lang} />
        <footer>
          {config.attribution.length > 0 && (
            <>
              <h2>{text.sources}</h2>
              <ul>
                {config.attribution.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </>
          )}
          <p>
            <a href="api">{text.api}</a> · <a href="collections">{text.collections}</a>
          </p>
          {config.edition && (
            <p>
              {text.edition} <a href={`editions/${encodeURIComponent(config.edition)}`}>{config.edition}</a>
            </p>
          )}
        </footer>
      </aside>
    </div>
  );
}

function Arch() {
  return (
    <svg class="arch" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 26h22M8 23V13M13.3 23V13M18.7 23V13M24 23V13M5.5 13h21L16 5z" />
    </svg>
  );
}
