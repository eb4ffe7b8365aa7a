// Scenario 21: without JavaScript there is still a way to everything.
import assert from 'node:assert/strict';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

scenario(
  '21 without JavaScript the page leads to lists and downloads that work',
  async (stage) => {
    await stage.goto('/', { map: false });
    const { page } = stage;
    const server = await reunion();
    const hrefs = await page
      .locator('a[href]:visible')
      .evaluateAll((links) => links.map((link) => link.href));
    const own = [...new Set(hrefs)].filter((href) => href.startsWith(server.url));
    assert.ok(own.length >= 5, `only ${own.length} links`);
    for (const href of own) {
      const answer = await fetch(href, { method: 'HEAD' });
      assert.ok(answer.ok, `${href}: ${answer.status}`);
    }
    assert.ok(
      hrefs.some((href) => /downloads\/actors\.csv/.test(href)),
      'no download of the actors',
    );
    await stage.shot('no-script');
  },
  { javaScriptEnabled: false },
);

scenario(
  '21 without JavaScript the list of actors is a table, page by page',
  async (stage) => {
    stage.allow(/favicon/); // these pages name no icon
    await stage.goto('/collections/actors/items?f=html&limit=20', { map: false });
    const { page } = stage;
    const rows = page.locator('tr:has(td)');
    assert.equal(await rows.count(), 20);
    const first = await rows.first().innerText();
    await page
      .getByRole('link', { name: /next|suivant/i })
      .first()
      .click();
    assert.notEqual(await rows.first().innerText(), first);
  },
  { javaScriptEnabled: false },
);
