// Scenario 23: two languages, whole.
import assert from 'node:assert/strict';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';

/** Words of the one language that must not be on a page in the other. */
const FRENCH =
  /\b(Acteurs|Événements|Rechercher|Commune|Thèmes|Liste|Filtres|Partager|Période|Aujourd’hui|Fermer|Légende)\b/;
const ENGLISH = /\b(Actors|Events|Search|Municipality|Themes|Filters|Share|Today|Close|Legend)\b/;

/** What the page says of itself: text and names, without what comes from data. */
async function words(stage) {
  return stage.page.evaluate(() => {
    const labels = [...document.querySelectorAll('[aria-label], [title], [placeholder]')]
      .filter((element) => !element.closest('[lang]:not(html)'))
      .flatMap((element) =>
        ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
      );
    const data = 'footer, .rows, .crumbs, .maplibregl-ctrl-attrib, .card dd, .langs, noscript';
    const copy = document.body.cloneNode(true);
    for (const element of copy.querySelectorAll(data)) element.remove();
    return [...labels, copy.textContent].join('\n');
  });
}

/** What was asked for in the other language may still stand for a moment. */
const isWithout = (stage, language) =>
  eventually('no word of the other language', async () => {
    assert.doesNotMatch(await words(stage), language);
    return true;
  });

scenario(
  '23 a switch of language keeps the state of the page, and leaves no word of the other',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/?theme=health&from=2026-10-01#map=10/-21.13/55.53');
    await page.chips().waitFor();
    assert.equal(await stage.page.locator('html').getAttribute('lang'), 'fr');
    await isWithout(stage, ENGLISH);
    await stage.page.getByRole('button', { name: /EN/ }).click();
    await eventually(
      'the page is in English',
      async () => (await stage.page.locator('html').getAttribute('lang')) === 'en',
    );
    await page.address('lang', 'en');
    assert.equal(page.query().get('theme'), 'health');
    assert.match(stage.page.url(), /#map=10\//);
    await isWithout(stage, FRENCH);
    assert.match(await stage.page.locator('canvas').first().getAttribute('aria-label'), /arrow/i);
  },
);

scenario(
  '23 who prefers English gets English',
  async (stage) => {
    await stage.goto('/');
    await eventually('English', async () => (await stage.page.locator('html').getAttribute('lang')) === 'en');
    await eventually(
      'the buttons too',
      async () => (await stage.page.getByRole('button', { name: 'Share' }).count()) > 0,
    );
    await isWithout(stage, FRENCH);
    const files = (await stage.weighed()).map(({ url }) => new URL(url).pathname);
    assert.ok(files.some((path) => /\/en-[^/]*\.js$/.test(path)));
    assert.ok(!files.some((path) => /\/fr-[^/]*\.js$/.test(path)), 'the French messages are not loaded');
  },
  { lang: 'en' },
);
