import { expect, test } from 'vitest';
import { readSwitches } from './embed.ts';
import { readMessage } from './messages.ts';
import { qrPath } from './qr.ts';
import { embedCode, embedUrl } from './share.ts';

test('an embed starts with the map and little else', () => {
  const usual = readSwitches(new URLSearchParams());
  expect(Object.entries(usual).flatMap(([key, on]) => (on ? [key] : []))).toEqual([
    'legend',
    'zoom',
    'fullscreen',
  ]);
  expect(readSwitches(new URLSearchParams('legend=0&time=1&zoom=maybe'))).toMatchObject({
    legend: false,
    time: true,
    zoom: true,
  });
  expect(readSwitches(new URLSearchParams('list=events')).list).toBe(true);
});

test('only a message of ours is one', () => {
  expect(readMessage({ type: 'carto:set', v: 1, query: '?theme=food' })).toBe('theme=food');
  for (const bad of [
    null,
    'x',
    7,
    {},
    { type: 'carto:set', query: 'a' },
    { type: 'carto:set', v: 2, query: 'a' },
  ]) {
    expect(readMessage(bad)).toBeNull();
  }
  expect(readMessage({ type: 'carto:set', v: 1, query: 'x'.repeat(5000) })).toBeNull();
});

test('the lines for another page are https, titled, lazy, and cannot be left by a title', () => {
  const page = new URL('http://carte.example.org/carto/?e2e=1&theme=food#map=12/-20.88/55.45');
  const code = embedCode(page, 'http://carte.example.org/carto/', 'Carte "<b>"', 'Voir en grand');
  expect(code).toMatch(/^<iframe src="https:\/\/carte\.example\.org\/carto\/embed\/map\?theme=food#map=12/);
  expect(code).toContain('title="Carte &#34;&#60;b&#62;&#34;"');
  expect(code).toContain('loading="lazy"');
  const frame = document.createElement('div');
  frame.innerHTML = code;
  expect(frame.querySelector('b')).toBeNull();
  expect(frame.querySelector('a')?.textContent).toBe('Voir en grand');
});

test('a server on this machine keeps its http', () => {
  expect(embedUrl(new URL('http://127.0.0.1:8080/'), 'http://127.0.0.1:8080/').protocol).toBe('http:');
});

test('a QR code has its three eyes and its margin', () => {
  const { size, d } = qrPath('https://example.org/');
  expect(size).toBe(25 + 8);
  for (const corner of ['M4 4h', 'M28 4h', 'M4 28h']) expect(d).toContain(corner);
  expect(d).not.toMatch(/M[0-3] /);
});
