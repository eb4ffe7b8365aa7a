import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { Controller } from '../controller.ts';
import { type Details, type State, Store } from '../state.ts';
import { DetailsCard } from './Details.tsx';
import { Search } from './Search.tsx';

const config = readConfig(document);
const state: State = {
  lang: 'fr',
  themes: [],
  show: { actors: true, events: true },
  details: null,
  notice: null,
};
let root: HTMLElement;
let controller: Controller;

beforeEach(() => {
  vi.useFakeTimers();
  root = document.body.appendChild(document.createElement('div'));
  controller = new Controller(new Store(state), config);
});

afterEach(() => {
  render(null, root);
  root.remove();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function answer(body: unknown, status = 200) {
  const fetched = vi.fn(async (_url: string) => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

async function type(text: string): Promise<HTMLInputElement> {
  await act(() => render(<Search lang="fr" controller={controller} />, root));
  const input = root.querySelector('input') as HTMLInputElement;
  await act(() => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await act(async () => {
    await vi.advanceTimersByTimeAsync(500);
  });
  return input;
}

async function press(input: HTMLInputElement, key: string) {
  await act(() => {
    input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  });
}

const results = [
  { type: 'unit', id: 'municipality:97411', name: 'Saint-Denis', level: 5, code: '97411' },
  { type: 'actor', id: 'actor:x:1', name: '<b>Café</b>', example: true },
];

test('the search is a combobox that the keyboard alone can use', async () => {
  const fetched = answer({ results });
  const goTo = vi.spyOn(controller, 'goTo').mockResolvedValue();
  const input = await type('saint');
  expect(String(fetched.mock.calls[0]?.[0])).toContain('search?q=saint&limit=8&lang=fr');
  expect(input.getAttribute('aria-expanded')).toBe('true');
  await press(input, 'ArrowDown');
  await press(input, 'ArrowDown');
  const active = document.getElementById(input.getAttribute('aria-activedescendant') ?? '');
  expect(active?.getAttribute('aria-selected')).toBe('true');
  expect(active?.textContent).toContain('<b>Café</b>');
  expect(active?.textContent).toContain('Exemple');
  await press(input, 'Enter');
  expect(goTo).toHaveBeenCalledWith(results[1]);
  expect(input.getAttribute('aria-expanded')).toBe('false');
});

test('ArrowUp from the field goes to the last result, and around', async () => {
  answer({ results });
  const input = await type('saint');
  await press(input, 'ArrowUp');
  expect(root.querySelector('[aria-selected="true"]')?.textContent).toContain('Café');
  await press(input, 'ArrowDown');
  expect(root.querySelector('[aria-selected="true"]')?.textContent).toContain('Saint-Denis');
});

test('one letter asks nothing; an empty answer and a failure are said', async () => {
  const fetched = answer({ results: [] });
  await type('s');
  expect(fetched).not.toHaveBeenCalled();
  await type('xyz');
  expect(root.querySelector('[aria-live]')?.textContent).toContain('0 résultat');
  answer({ detail: 'broken' }, 500);
  await type('xyzt');
  expect(root.querySelector('.failed')?.textContent).toContain('n’a pas répondu');
});

async function show(details: Details) {
  await act(() =>
    render(<DetailsCard config={config} state={{ ...state, details }} controller={controller} />, root),
  );
}

const units = [
  { level: 1, id: 'country:FR', code: 'FR', name: 'France' },
  { level: 5, id: 'municipality:97411', code: '97411', name: 'Saint-Denis' },
];

test('a point is told by its levels, from country down, each with its link, and spoken', async () => {
  await show({ kind: 'place', at: [55.45, -20.88], units: { state: 'ready', value: units } });
  expect(root.querySelector('h2')?.textContent).toBe('Saint-Denis');
  const links = [...root.querySelectorAll('.units a')].map((link) => link.getAttribute('href'));
  expect(links).toEqual(['admin-units/country:FR', 'admin-units/municipality:97411']);
  expect(root.querySelector('[aria-live]')?.textContent).toBe('2 niveaux : Commune Saint-Denis, Pays France');
});

test('a lookup that failed is said, with what the server said', async () => {
  await show({ kind: 'place', at: [0, 0], units: { state: 'failed', why: '500 down' } });
  expect(root.querySelector('[role="alert"]')?.textContent).toContain('500 down');
});

test('an example wears its badge; text from data stays text; a script URL makes no link', async () => {
  const properties = {
    kind: 'association',
    name: '<img src=x>',
    description: '<script>x</script>',
    url: 'javascript:alert(1)',
    themes: ['food'],
    example: true,
  };
  await show({
    kind: 'item',
    collection: 'actors',
    id: 'actor:x:1',
    name: properties.name,
    example: false,
    item: { state: 'ready', value: { id: 'actor:x:1', geometry: null, properties } },
    units: null,
  });
  expect(root.querySelector('h2')?.textContent).toBe('<img src=x>');
  expect(root.querySelector('.badge')?.textContent).toBe('Exemple');
  expect(root.querySelector('.description')?.textContent).toBe('<script>x</script>');
  expect([...root.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual([
    'collections/actors/items/actor:x:1',
  ]);
});

test('the controller ends one request when the next begins, and keeps the last answer', async () => {
  const answers: ((response: Response) => void)[] = [];
  const fetched = vi.fn((_url: string) => new Promise<Response>((resolve) => answers.push(resolve)));
  vi.stubGlobal('fetch', fetched);
  const first = controller.place([1, 1]);
  const second = controller.place([2, 2]);
  answers[1]?.(new Response(JSON.stringify({ lon: 2, lat: 2, units })));
  await second;
  answers[0]?.(new Response(JSON.stringify({ lon: 1, lat: 1, units: [] })));
  await first;
  expect(controller.store.value.details).toMatchObject({
    at: [2, 2],
    units: { state: 'ready', value: units },
  });
});
