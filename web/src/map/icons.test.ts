import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { iconPaths, inkOn, markerSvg } from './icons.ts';

const themes = readFileSync(resolve(import.meta.dirname, '../../../data/themes.toml'), 'utf8');
const NAMES = [...themes.matchAll(/^icon = "(.+)"$/gm)].map((match) => match[1] as string);

test('the themes name twelve icons', () => {
  expect(new Set(NAMES).size).toBe(12);
});

test.each(NAMES)('the icon %s has clean paths of its own', (name) => {
  const paths = iconPaths(name);
  expect(paths.length).toBeGreaterThan(0);
  expect(paths).not.toEqual(iconPaths('marker'));
  for (const path of paths) expect(path).toMatch(/^[\d\sMmLlHhVvCcSsQqTtAaZz.,+e-]+$/);
});

test('an unknown icon is drawn as the marker', () => {
  expect(iconPaths('no-such-icon')).toEqual(iconPaths('marker'));
});

test('the ink on a colour keeps a contrast of 3 or more', () => {
  expect(inkOn('#158C44')).toBe('#FFFFFF');
  expect(inkOn('#B28E00')).toBe('#111111');
});

test('actors and events differ in shape, not only in colour', () => {
  expect(markerSvg('actor', '#158C44', 'bus')).toContain('<circle');
  expect(markerSvg('event', '#158C44', 'bus')).toContain('rotate(45');
});
