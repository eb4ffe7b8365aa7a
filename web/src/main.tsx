import { render } from 'preact';
import './css/tokens.css';
import './css/page.css';
import { chooseLang, readConfig } from './config.ts';
import { Controller } from './controller.ts';
import { loadFonts } from './fonts.ts';
import { drawMarkers, fetchStyle, MapView } from './map/view.ts';
import { readQuery, type State, Store, writeQuery } from './state.ts';
import { App } from './ui/App.tsx';

const query = new URLSearchParams(location.search);
const config = readConfig(document);
const store = new Store<State>({
  lang: chooseLang(query, navigator.languages),
  ...readQuery(query, config),
  details: null,
  notice: null,
});
const controller = new Controller(store, config);

function reflect(): void {
  const { lang } = store.value;
  document.documentElement.lang = lang;
  document.title = `${config.title[lang]} · Parvis`;
  controller.map?.update(store.value);
}

async function startMap(container: HTMLElement): Promise<void> {
  const [style, markers] = await Promise.all([fetchStyle(config), drawMarkers(config.themes)]).catch(() => {
    controller.notice('styleFailed');
    return [];
  });
  if (!style || !markers) return;
  try {
    controller.map = new MapView(container, style, markers, config, store.value, controller);
  } catch {
    return controller.notice('mapFailed');
  }
  if (query.has('e2e')) controller.map.exposeForTests();
}

loadFonts();
reflect();
store.watch(reflect);
store.watch(() => {
  const search = writeQuery(new URLSearchParams(location.search), store.value);
  if (`?${search}` === location.search) return;
  // the path is written out: a bare query would be read against <base>
  history.replaceState(history.state, '', `${location.pathname}?${search}${location.hash}`);
});
const root = document.getElementById('app');
if (root) render(<App config={config} controller={controller} startMap={startMap} />, root);
