import { expect, test } from 'vitest';
import { chooseLang, readConfig } from './config.ts';
import { webLink } from './links.ts';
import { mainUnit, readQuery, Store, writeQuery } from './state.ts';

const config = readConfig(document);
config.themes = ['food', 'energy'].map((code) => ({
  code,
  label: { fr: code, en: code },
  colour: '#000000',
  icon: '',
}));

test('a link carries themes and what is shown, there and back', () => {
  const query = new URLSearchParams('theme=energy,unknown&show=actors&e2e=1');
  const state = readQuery(query, config);
  expect(state).toEqual({ themes: ['energy'], show: { actors: true, events: false } });
  expect(writeQuery(query, { lang: 'fr', ...state })).toBe('theme=energy&show=actors&e2e=1&lang=fr');
});

test('defaults leave the query, foreign keys stay', () => {
  const query = new URLSearchParams('theme=food&show=events&q=x');
  const all = { lang: 'en', themes: [], show: { actors: true, events: true } } as const;
  expect(writeQuery(query, all)).toBe('q=x&lang=en');
});

test('nothing shown is a state too', () => {
  const none = { lang: 'en', themes: [], show: { actors: false, events: false } } as const;
  const query = new URLSearchParams(writeQuery(new URLSearchParams(), none));
  expect(readQuery(query, config).show).toEqual(none.show);
});

test('the language comes from the query, then the browser, then is French', () => {
  expect(chooseLang(new URLSearchParams('lang=en'), ['fr-FR'])).toBe('en');
  expect(chooseLang(new URLSearchParams('lang=xx'), ['de', 'en-GB'])).toBe('en');
  expect(chooseLang(new URLSearchParams(), ['de'])).toBe('fr');
});

test('the page takes the configuration that the server wrote, and drops a colour that is none', () => {
  const page = new DOMParser().parseFromString(
    `<script type="application/json" id="parvis-config">{"edition":"e1","themes":[{"code":"a","colour":"red;x"},{"code":"b","colour":"#158C44"}]}</script>`,
    'text/html',
  );
  const read = readConfig(page);
  expect(read.edition).toBe('e1');
  expect(read.themes.map((theme) => theme.code)).toEqual(['b']);
});

test('a point is called after its municipality', () => {
  const unit = (level: number) => ({ level, id: `${level}`, code: '', name: `n${level}` });
  expect(mainUnit([unit(1), unit(3), unit(5), unit(6)])?.level).toBe(5);
  expect(mainUnit([unit(1)])?.level).toBe(1);
  expect(mainUnit([])).toBeNull();
});

test('only http and https links leave the page', () => {
  expect(webLink('https://example.org/a b')).toBe('https://example.org/a%20b');
  for (const bad of [
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'mailto:a@b.c',
    '',
    null,
    3,
  ]) {
    expect(webLink(bad)).toBeNull();
  }
});

test('a store tells its watchers, until they leave', () => {
  const store = new Store({ n: 0 });
  const seen: number[] = [];
  const leave = store.watch(() => seen.push(store.value.n));
  store.update({ n: 1 });
  leave();
  store.update({ n: 2 });
  expect(seen).toEqual([1]);
});
