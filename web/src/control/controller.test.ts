import { beforeEach, expect, test, vi } from 'vitest';
import { ready } from '../state/state.ts';
import { json, makeController, stubFetch } from '../testing.ts';

const unit = (level: number, id: string) => ({ level, id, code: null, name: id, bbox: [0, 0, 1, 1] });
const parts = [unit(4, 'intercommunality:1'), unit(4, 'intercommunality:2'), unit(5, 'municipality:97411')];

beforeEach(() => {
  history.replaceState(null, '', '/');
  vi.unstubAllGlobals();
});

test('one request ends when the next begins, and the last answer stays', async () => {
  const answers: ((response: Response) => void)[] = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(() => new Promise<Response>((resolve) => answers.push(resolve))),
  );
  const controller = makeController();
  const first = controller.place([1, 1]);
  const second = controller.place([2, 2]);
  answers[1]?.(json({ lon: 2, lat: 2, units: [unit(1, 'country:FR')] }));
  await second;
  answers[0]?.(json({ lon: 1, lat: 1, units: [] }));
  await first;
  expect(controller.store.value.details).toMatchObject({
    at: [2, 2],
    units: { state: 'ready', value: [{ id: 'country:FR' }] },
  });
});

test('a filter is a step of history, and a step back takes it off', () => {
  stubFetch([]);
  const controller = makeController();
  const steps = history.length;
  controller.toggle('themes', 'food');
  controller.toggle('kinds', 'association');
  expect(location.search).toBe('?kind=association&theme=food');
  expect(history.length).toBe(steps + 2);
  controller.reset();
  expect(location.search).toBe('');
  controller.change({ lang: 'en' }, 'replace');
  expect(history.length).toBe(steps + 3);
});

test('changes in quick succession are one step', () => {
  const controller = makeController();
  const steps = history.length;
  for (const from of ['2026-01-01', '2026-01-02', '2026-01-03']) controller.change({ from }, 'merge');
  expect(history.length).toBe(steps + 1);
  expect(location.search).toBe('?from=2026-01-03');
});

test('the perimeter of the configuration is no part of the address', () => {
  const controller = makeController();
  controller.setUnit({ id: 'municipality:97411' });
  expect(location.search).toBe('?unit=municipality:97411');
  controller.setUnit({ id: 'department:974' });
  expect(location.search).toBe('');
});

test('counts, areas and results follow the filter, and ask under it', async () => {
  const fetched = stubFetch([
    ['/ancestors', { id: 'department:974', unit: unit(3, 'department:974'), units: [unit(1, 'country:FR')] }],
    ['/children', { id: 'department:974', unit: unit(3, 'department:974'), units: parts }],
    [
      'facets',
      { numberMatched: 7, facets: { theme: { values: [{ value: 'food', count: 7 }], missing: 0 } } },
    ],
    ['by=day', { values: [{ value: '2026-03-01', count: 2 }], missing: 0 }],
    ['by=intercommunality', { values: [{ value: 'intercommunality:1', count: 5 }], missing: 0 }],
    ['/items', { features: [], numberMatched: 7, links: [] }],
  ]);
  const controller = makeController({ view: 'list' });
  controller.change({ themes: ['food'] });
  controller.start();
  await vi.waitFor(() => {
    const { area, counts, results, histogram } = controller.store.value;
    expect([area?.state, counts.actors.state, results.state, histogram?.state]).toEqual(
      Array(4).fill('ready'),
    );
  });
  const { counts } = controller.store.value;
  const area = ready(controller.store.value.area);
  expect(area?.level).toBe(4);
  // actors and events together; a unit without any has 0; the municipality is of another level
  expect([...(area?.counts ?? [])]).toEqual([
    ['intercommunality:1', 10],
    ['intercommunality:2', 0],
  ]);
  expect(counts.actors).toMatchObject({ value: { total: 7 } });
  const urls = fetched.mock.calls.map(([url]) => String(url));
  // how many there would be of the other themes is asked without the theme
  expect(
    urls.filter((url) => url.includes('actors/facets')).map((url) => url.includes('theme=food')),
  ).toEqual(expect.arrayContaining([true, false]));
  expect(urls.filter((url) => url.includes('/items')).every((url) => url.includes('theme=food'))).toBe(true);
});

test('a unit that there is not is said, and left', async () => {
  stubFetch([]);
  history.replaceState(null, '', '/?unit=municipality:00000');
  const controller = makeController();
  controller.start();
  await vi.waitFor(() => expect(controller.store.value.notice).toBe('unitUnknown'));
  expect(controller.store.value.unit).toBeNull();
  expect(location.search).toBe('');
});
