import { type ComponentType, h, render } from 'preact';
import './css/index.css';
import { useEdition } from './api/client.ts';
import { type Config, readConfig } from './config.ts';
import { AddressBar } from './control/addressbar.ts';
import { Controller } from './control/controller.ts';
import { readSwitches } from './embed.ts';
import { loadFonts } from './fonts.ts';
import { type Lang, loadLang, nameOf, useNouns } from './i18n/index.ts';
import { fetchStyle, lightOf, styleFor } from './map/fetch.ts';
import { drawMarkers } from './map/markers.ts';
import { readHash, writeHash } from './state/hash.ts';
import type { Scheme } from './state/model.ts';
import { ready, type State, stateOf } from './state/state.ts';
import { Store } from './state/store.ts';

interface RootProps {
  controller: Controller;
  startMap(container: HTMLElement): Promise<void>;
}

const query = new URLSearchParams(location.search);
const config = readConfig(document);
useEdition(config.edition);
useNouns(config.nouns);
const bar = new AddressBar(config);
const switches = readSwitches(query);
const dark = matchMedia('(prefers-color-scheme: dark)');
const address = bar.read();
// an embed that has a list reads it
if (config.embed && switches.list && address.view === 'map') address.view = 'list';
const store = new Store<State>(stateOf(address));
const controller = new Controller(store, config, bar);

/** The light that the page stands in: as chosen, else as the system says. */
const schemeNow = (): Scheme => store.value.scheme ?? (dark.matches ? 'dark' : 'light');

function reflect(): void {
  const { lang, scheme, family } = store.value;
  const html = document.documentElement;
  html.lang = lang;
  if (scheme) html.dataset.scheme = scheme;
  else delete html.dataset.scheme;
  const unit = ready(family)?.unit;
  const place = unit && store.value.unit ? nameOf(lang, unit) : config.title[lang];
  document.title = `${place} · Parvis`;
}

/** A hash that says no place is taken away; the old form becomes the new one. */
function mendHash(): boolean {
  const place = readHash(location.hash);
  const hash = place ? writeHash(place) : '';
  if (location.hash !== hash && location.hash !== '') {
    history.replaceState(history.state, '', `${location.pathname}${location.search}${hash}`);
  }
  return place !== null;
}

let name = styleFor(config, schemeNow());
/** What the map is made of, asked for before there is a page to show it in. */
const parts = Promise.all([
  import('./map/view.ts'),
  fetchStyle(name, config.basemap, () => controller.notice('basemapFailed')),
  drawMarkers(config.themes),
]).catch(() => [null, null, null] as const);

async function startMap(container: HTMLElement): Promise<void> {
  const placed = mendHash();
  const [view, style, markers] = await parts;
  if (!view || !style || !markers) return controller.notice(navigator.onLine ? 'styleFailed' : 'offline');
  try {
    const cooperative = config.embed && !switches.wheel;
    controller.map = new view.MapView(
      container,
      { style, markers, scheme: lightOf(name), cooperative },
      config,
      store.value,
      controller,
    );
  } catch {
    return controller.notice('mapFailed');
  }
  const map = controller.map;
  if (query.has('e2e')) map.exposeForTests();
  controller.mapReady(placed);
  const follow = async () => {
    const wanted = styleFor(config, schemeNow());
    if (wanted !== name) {
      name = wanted;
      const next = await fetchStyle(name, config.basemap).catch(() => null);
      if (next && wanted === name) map.restyle(next, lightOf(name));
    }
    map.update(store.value);
  };
  store.watch(() => void follow());
  dark.addEventListener('change', () => void follow());
}

async function root({ embed }: Config, lang: Lang): Promise<ComponentType<RootProps>> {
  const [{ Root }] = await Promise.all([
    embed
      ? import('./ui/Embed.tsx').then(({ Embed }) => ({ Root: Embed }))
      : import('./ui/App.tsx').then(({ App }) => ({ Root: App })),
    loadLang(lang),
  ]);
  return Root;
}

loadFonts();
reflect();
store.watch(reflect);
controller.start();
if (config.embed) void import('./messages.ts').then(({ listen }) => listen(controller));
const element = document.getElementById('app');
if (element) {
  root(config, store.value.lang).then(
    (Root) => {
      element.replaceChildren();
      render(h(Root, { controller, startMap }), element);
    },
    () => {
      // HTML of the server, made for whoever runs no scripts
      element.innerHTML = document.querySelector('body > noscript')?.textContent ?? '';
    },
  );
}
