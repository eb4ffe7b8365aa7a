import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from './en.ts';
import { fr } from './fr.ts';
import {
  fill,
  formatDays,
  formatMetres,
  formatTime,
  formatWhen,
  labelOf,
  plural,
  shortName,
} from './index.ts';
import { renamed } from './nouns.ts';

test('both languages have the same places to fill', () => {
  const places = (value: unknown): string[] => JSON.stringify(value).match(/"\w+":|\{\w+\}/g) ?? [];
  expect(places(en)).toEqual(places(fr));
});

test('numbers and plurals follow the language', () => {
  expect(plural('fr', fr.resultCount, 0)).toBe('0 résultat');
  expect(plural('en', en.resultCount, 0)).toBe('0 results');
  expect(fill('en', en.listPart, { shown: 50, total: 1234 })).toBe('50 shown of 1,234');
});

test('a code is labelled in either spelling, and an unknown one is shown as it is', () => {
  expect(labelOf(fr.kind, 'getTogether')).toBe('Rencontre');
  expect(labelOf(fr.kind, 'get_together')).toBe('Rencontre');
  expect(labelOf(fr.kind, 'new_kind')).toBe('new kind');
});

test('an event is told in its own time zone', () => {
  const reunion = { start: '2026-03-14T14:00:00Z', end: '2026-03-14T16:30:00Z', timezone: 'Indian/Reunion' };
  const text = formatWhen('fr', reunion);
  expect(text).toContain('18:00');
  expect(text).toContain('20:30');
});

test('an all-day event ends on its last day', () => {
  const day = {
    start: '2026-07-13T22:00:00Z',
    end: '2026-07-14T22:00:00Z',
    timezone: 'Europe/Paris',
    all_day: true,
  };
  expect(formatWhen('fr', day)).toBe('mardi 14 juillet 2026');
});

test('a time zone that is none does not hide the date', () => {
  expect(formatWhen('en', { start: '2026-03-14T14:00:00Z', timezone: 'Moon/Sea' })).toContain('2026');
  expect(formatWhen('en', { start: 'soon' })).toBe('');
});

test('every message is used', () => {
  const folder = resolve(import.meta.dirname, '..');
  const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('i18n') && !path.includes('.test.'))
    .map((path) => readFileSync(resolve(folder, path), 'utf8'))
    .join('\n');
  expect(Object.keys(fr).filter((key) => !new RegExp(`[.'"]${key}\\b`).test(source))).toEqual([]);
});

test('days, hours, lengths and long names are written short', () => {
  expect(formatDays('fr', '2026-03-01', null)).toBe('1 mars 2026 – …');
  expect(formatDays('en', '2026-03-01', '2026-03-31')).toMatch(/^1\s*–\s*31 Mar 2026$/);
  expect(formatTime('fr', { start: '2026-03-14T14:00:00Z', timezone: 'Indian/Reunion' })).toBe('18:00');
  expect(formatTime('fr', { start: '2026-03-14T14:00:00Z', all_day: true })).toBe('');
  expect(formatMetres('fr', 2500)).toBe('2,5\u202fkm');
  expect(shortName("Communauté d'agglomération du Sud")).toBe('CA du Sud');
  expect(shortName('Saint-Denis')).toBe('Saint-Denis');
});

test('the nouns of the operator stand wherever ours did, and nothing else changes', () => {
  const own = { actor: 'association', actors: 'associations', event: 'sortie', events: 'sorties' };
  const text = renamed(fr, own);
  expect(JSON.stringify(text)).not.toMatch(/"Acteurs"|"\{n\} acteurs?"|"\{n\} événements?"/);
  expect(plural('fr', text.countOf.events, 2)).toBe('2 sorties');
  expect([text.actors, text.collection.events, text.group.actors]).toEqual([
    'Associations',
    'Sorties',
    'Associations',
  ]);
  expect(text.searchLabel).toBe('Commune, code postal, association, sortie…');
  expect(Object.keys(text)).toEqual(Object.keys(fr));
  const ours = { actor: 'acteur', actors: 'acteurs', event: 'événement', events: 'événements' };
  expect(renamed(fr, ours)).toBe(fr);
});
