import { vi } from 'vitest';
import { type Config, readConfig } from './config.ts';
import { AddressBar } from './control/addressbar.ts';
import { Controller } from './control/controller.ts';
import { loadLang } from './i18n/index.ts';
import { type State, stateOf } from './state/state.ts';
import { Store } from './state/store.ts';

export const config: Config = {
  ...readConfig(document, ['fr']),
  perimeter: { id: 'department:974', whole: true },
  interval: ['2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z'],
  themes: [
    { code: 'food', label: { fr: 'Alimentation', en: 'Food' }, colour: '#158C44', icon: 'restaurant' },
    { code: 'sport', label: { fr: 'Sport', en: 'Sport' }, colour: '#8C388C', icon: 'pitch' },
  ],
};

// every part is tested in French, as a page has it once it stands
await loadLang('fr');

/** A controller over a state as it is before anything was read. */
export function makeController(change: Partial<State> = {}): Controller {
  const bar = new AddressBar(config);
  const store = new Store<State>({ ...stateOf(bar.read()), ...change });
  return new Controller(store, config, bar);
}

export const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

/** Answers every request by the first pair whose text is in its URL; anything else is a 404. */
export function stubFetch(answers: [part: string, value: unknown][]) {
  const fetched = vi.fn(async (url: string | URL) => {
    const found = answers.find(([part]) => String(url).includes(part));
    return found ? json(found[1]) : json({ title: 'none' }, 404);
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}
