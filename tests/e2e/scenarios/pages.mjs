// Scenarios 21 and 22 on the pages that the server writes: lists, items, units; without JavaScript and for everybody.
import assert from 'node:assert/strict';
import { json } from '../lib/api.mjs';
import { assertAccessible } from '../lib/axe.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { DESK } from '../lib/stage.mjs';
import { hostile, reunion } from '../lib/world.mjs';

const firstId = async (collection) => {
  const { features } = await json(await reunion(), `/collections/${collection}/items?limit=1`);
  return encodeURIComponent(features[0].id);
};

/** Every kind of page, by name. */
async function paths() {
  return {
    collections: '/collections',
    collection: '/collections/actors',
    'list of actors': '/collections/actors/items?limit=20',
    'list of events': '/collections/events/items?limit=20',
    'list of municipalities': '/collections/municipalities/items?limit=24',
    actor: `/collections/actors/items/${await firstId('actors')}`,
    event: `/collections/events/items/${await firstId('events')}`,
    unit: '/admin-units/municipality:97411',
    accessibility: '/accessibility',
    api: '/api',
  };
}

const withHtml = (path, lang) => `${path}${path.includes('?') ? '&' : '?'}f=html&lang=${lang}`;

for (const lang of ['fr', 'en']) {
  for (const colorScheme of ['light', 'dark']) {
    scenario(
      `22 axe finds nothing on the pages that the server writes: ${lang}, ${colorScheme}`,
      async (stage) => {
        for (const [name, path] of Object.entries(await paths())) {
          const response = await stage.goto(withHtml(path, lang), { map: false });
          assert.equal(response.status(), 200, path);
          assert.match(response.headers()['content-type'], /^text\/html/, path);
          assert.equal(await stage.page.locator('html').getAttribute('lang'), lang, path);
          assert.equal(await stage.page.locator('h1').count(), 1, path);
          assert.equal(await stage.page.locator('main').count(), 1, path);
          await assertAccessible(stage, `${name}, ${lang}, ${colorScheme}`);
        }
      },
      { lang, colorScheme },
    );
  }
}

scenario(
  '21 without JavaScript every page stands, at 320 pixels too, and its links lead somewhere',
  async (stage) => {
    const server = await reunion();
    const seen = new Set();
    for (const [name, path] of Object.entries({ start: '/', ...(await paths()) })) {
      await stage.goto(withHtml(path, 'fr'), { map: false });
      await stage.page.setViewportSize({ width: 320, height: 640 });
      const wide = await stage.page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name}: ${wide} pixels too wide at 320`);
      await stage.page.setViewportSize(DESK);
      const links = await stage.page.locator('a[href]').evaluateAll((all) => all.map(({ href }) => href));
      assert.ok(links.length > 0, `${name} leads nowhere`);
      for (const link of links) if (link.startsWith(server.url)) seen.add(link.split('#')[0]);
      await stage.shot(`page-${name.replaceAll(' ', '-')}`);
    }
    const dead = [];
    for (const link of seen) {
      const { status } = await fetch(link, {
        method: 'HEAD',
        redirect: 'manual',
        headers: { accept: 'text/html' },
      });
      if (status >= 400) dead.push(`${status} ${link}`);
    }
    assert.deepEqual(dead, []);
    assert.ok(seen.size > 40, `only ${seen.size} links`);
  },
  { javaScriptEnabled: false },
);

scenario(
  '21 without JavaScript the list of actors can be walked page by page, and an actor read',
  async (stage) => {
    await stage.goto('/collections/actors/items?f=html&lang=fr&limit=20', { map: false });
    const { page } = stage;
    const rows = page.locator('tr:has(td)');
    assert.equal(await rows.count(), 20);
    const first = await rows.first().innerText();
    await page.locator('a[rel~=next]').first().click();
    await eventually('the next page', async () => (await rows.first().innerText()) !== first);
    const name = (await rows.first().getByRole('link').first().innerText()).trim();
    await rows.first().getByRole('link').first().click();
    const beginning = new RegExp(name.slice(0, 12).replace(/[^\p{L} ]/gu, '.'), 'u');
    await eventually('the page of the actor', async () =>
      beginning.test(await page.locator('h1').innerText()),
    );
  },
  { javaScriptEnabled: false },
);

scenario('21 an actor, an event and a unit tell machines what they are', async (stage) => {
  const types = {
    actor: /Organization|Place|Project|GovernmentOrganization|LocalBusiness|NGO/,
    event: /Event|Festival/,
    unit: /AdministrativeArea|City|Place/,
  };
  const all = await paths();
  for (const [name, type] of Object.entries(types)) {
    await stage.goto(withHtml(all[name], 'fr'), { map: false });
    const text = await stage.page.locator('script[type="application/ld+json"]').first().textContent();
    const data = JSON.parse(text);
    assert.match(JSON.stringify(data['@type'] ?? data['@graph']), type, name);
    for (const property of ['og:title', 'og:url']) {
      assert.ok(
        await stage.page.locator(`meta[property="${property}"]`).getAttribute('content'),
        `${name}: ${property}`,
      );
    }
    assert.match(await stage.page.locator('link[rel=canonical]').getAttribute('href'), /^http/);
    assert.ok(
      (await stage.page.locator('link[rel=alternate][type*=json]').count()) > 0,
      `${name}: no other format`,
    );
  }
});

scenario(
  '21 the page of a hostile territory is inert',
  async (stage) => {
    for (const path of [
      '/',

      '/admin-units/municipality:97411?f=html',
      '/collections/actors/items?f=html',
    ]) {
      await stage.goto(path, { map: false });
      assert.equal(await stage.page.evaluate(() => window.__xss), undefined, path);
      assert.equal(await stage.page.locator('img[src="x"]').count(), 0, path);
    }
  },
  { server: hostile },
);
