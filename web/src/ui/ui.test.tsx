import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Controller } from '../control/controller.ts';
import type { State } from '../state/state.ts';
import { makeController, stubFetch } from '../testing.ts';
import { ItemBody } from './card/ItemBody.tsx';
import { AppContext, useAppValue } from './context.ts';
import { Chips } from './filters/Chips.tsx';
import { Themes } from './filters/Themes.tsx';
import { List } from './list/List.tsx';
import { Search } from './Search.tsx';
import { Timeline } from './time/Timeline.tsx';

let root: HTMLElement;
beforeEach(() => {
  history.replaceState(null, '', '/');
  root = document.body.appendChild(document.createElement('div'));
  vi.stubGlobal('IntersectionObserver', undefined);
});
afterEach(() => {
  render(null, root);
  root.remove();
  vi.unstubAllGlobals();
});

async function show(part: preact.ComponentChildren, change: Partial<State> = {}): Promise<Controller> {
  const controller = makeController(change);
  function Page() {
    return <AppContext.Provider value={useAppValue(controller)}>{part}</AppContext.Provider>;
  }
  await act(() => render(<Page />, root));
  return controller;
}

const click = (text: string) =>
  act(() => {
    const button = [...root.querySelectorAll('button')].find((b) => b.textContent?.includes(text));
    if (!button) throw new Error(`no button ${text}`);
    button.click();
  });

const HOSTILE = {
  kind: 'association',
  name: '<img src=x onerror=alert(1)>',
  description: `<script>alert(1)</script> ‮${'x'.repeat(10_000)}`,
  url: 'javascript:alert(1)',
  themes: ['food'],
  example: true,
};

test('what a record says is text, its links are http(s) or none, and an example says that it is one', async () => {
  const item = { id: 'actor:x:1', geometry: null, properties: HOSTILE };
  const details = {
    kind: 'item',
    collection: 'actors',
    id: 'actor:x:1',
    name: HOSTILE.name,
    example: true,
    item: { state: 'ready', value: item },
    units: null,
  } as const;
  await show(<ItemBody details={details} />);
  expect(root.querySelector('script, img[src="x"]')).toBeNull();
  expect(root.querySelector('.description')?.textContent).toContain('<script>alert(1)</script>');
  expect(root.querySelector('.description')?.textContent?.length).toBeLessThan(700);
  expect(root.querySelector('.badge')?.textContent).toContain('Exemple');
  expect([...root.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual([
    'collections/actors/items/actor:x:1',
  ]);
});

test('filters in force are chips that are taken off one by one, or all at once', async () => {
  const controller = await show(<Chips />);
  expect(root.textContent).toBe('');
  await act(() => controller.change({ themes: ['food', 'sport'], q: 'vélo', from: '2026-03-01' }));
  expect([...root.querySelectorAll('.chip.on')].map((chip) => chip.textContent)).toEqual([
    'Alimentation',
    'Sport',
    '«\u00a0vélo\u00a0»',
    '1 mars 2026 – …',
  ]);
  await click('Sport');
  expect(controller.store.value.themes).toEqual(['food']);
  await click('Tout effacer');
  expect(location.search).toBe('');
});

test('a theme says how many there are of actors and events shown', async () => {
  const counts = (n: number) => ({
    state: 'ready' as const,
    value: {
      total: n,
      themes: { values: [{ value: 'food', count: n }], missing: 0 },
      kinds: { values: [], missing: 0 },
    },
  });
  const controller = await show(<Themes />, { counts: { actors: counts(1200), events: counts(34) } });
  const number = () => root.querySelector('.theme .number')?.textContent;
  expect(number()).toBe((1234).toLocaleString('fr'));
  await act(() => controller.toggleShow('actors'));
  expect(number()).toBe('34');
});

test('the list says how many are in view of how many, and pointing at a row is told to the map', async () => {
  const item = {
    id: 'actor:x:1',
    geometry: { type: 'Point', coordinates: [1, 2] as [number, number] },
    properties: HOSTILE,
  };
  const none = { values: [], missing: 0 };
  const controller = await show(<List />, {
    view: 'list',
    counts: {
      actors: { state: 'ready', value: { total: 9, themes: none, kinds: none } },
      events: { state: 'loading' },
    },
    results: {
      state: 'ready',
      value: { collection: 'actors', items: [item], total: 1, next: null, inView: true },
    },
  });
  expect(root.querySelector('.in-view')?.textContent).toBe('1 dans la vue sur 9');
  expect(root.querySelector('.row img[src="x"]')).toBeNull();
  const highlight = vi.fn();
  controller.map = { highlight } as unknown as Controller['map'];
  await act(() => {
    root.querySelector('.row button')?.dispatchEvent(new Event('focus'));
  });
  expect(highlight).toHaveBeenCalledWith([1, 2]);
});

test('a list around a place tells how far each is, and offers that order', async () => {
  const at = (id: string, lon: number, precision: string) => ({
    id,
    geometry: { type: 'Point', coordinates: [lon, 0] as [number, number] },
    properties: { name: id, kind: 'place', precision },
  });
  const items = [at('actor:x:near', 0.002, 'point'), at('actor:x:far', 0.1, 'municipality')];
  const controller = await show(<List />, {
    view: 'list',
    near: { lon: 0, lat: 0, radius: 20_000 },
    results: { state: 'ready', value: { collection: 'actors', items, total: 2, next: null, inView: false } },
  });
  const told = () => [...root.querySelectorAll('.row-more')].map((more) => more.textContent);
  expect(told()).toEqual(['222\u202fm · Lieu', '≈ 11,1\u202fkm · Lieu']);
  const select = root.querySelector('select') as HTMLSelectElement;
  const orders = () => [...select.options].map(({ value }) => value);
  expect(orders()).toEqual(['', 'name', 'distance']);
  await act(() => {
    select.value = 'distance';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  expect(location.search).toBe('?near=0,0&radius=20000&sort=distance&view=list');
  await act(() => controller.change({ near: null }));
  expect(orders()).toEqual(['', 'name']);
  expect([select.value, told()]).toEqual(['', ['Lieu', 'Lieu']]);
});

test('the search groups what it finds, and can filter by the text', async () => {
  stubFetch([
    [
      '/search',
      {
        results: [
          { type: 'actor', id: 'actor:x:1', name: 'Vélo-école', example: true },
          { type: 'unit', id: 'municipality:97411', name: 'Vélodrome', level: 5 },
        ],
      },
    ],
  ]);
  const controller = await show(<Search />);
  const input = root.querySelector('input') as HTMLInputElement;
  await act(() => {
    input.focus();
    input.value = 'vélo';
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await vi.waitFor(() => expect(root.querySelector('.group-name')).not.toBeNull());
  expect([...root.querySelectorAll('.group-name')].map((group) => group.textContent)).toEqual([
    'Lieux',
    'Acteurs',
  ]);
  const press = (key: string) =>
    act(() => {
      input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    });
  await press('ArrowUp');
  expect(input.getAttribute('aria-activedescendant')).toBe(root.querySelector('.filter-by')?.id);
  await press('Enter');
  expect(controller.store.value).toMatchObject({ q: 'vélo', view: 'list' });
});

test('the timeline moves by its handles and by its dates, and says the day of each', async () => {
  const days = new Map([
    ['2026-01-05', 2],
    ['2026-12-20', 1],
  ]);
  const controller = await show(<Timeline place="stage" />, {
    histogram: { state: 'ready', value: { days } },
  });
  const [from] = root.querySelectorAll<HTMLInputElement>('input[type=range]');
  expect(from?.getAttribute('aria-valuetext')).toBe('lundi 29 décembre 2025');
  await act(() => {
    if (!from) return;
    from.value = '1';
    from.dispatchEvent(new Event('change', { bubbles: true }));
  });
  expect(controller.store.value).toMatchObject({ from: '2026-01-05', to: null });
  const until = root.querySelectorAll<HTMLInputElement>('input[type=date]')[1] as HTMLInputElement;
  await act(() => {
    until.value = '2026-02-01';
    until.dispatchEvent(new Event('change', { bubbles: true }));
  });
  expect(location.search).toBe('?from=2026-01-05&to=2026-02-01');
});
