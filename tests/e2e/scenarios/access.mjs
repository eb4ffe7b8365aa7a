// Scenario 22: nobody is shut out. axe on every state, in both languages and both colour schemes.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/axe.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';

for (const lang of ['fr', 'en']) {
  for (const colorScheme of ['light', 'dark']) {
    scenario(
      `22 axe finds nothing on the map page: ${lang}, ${colorScheme}`,
      async (stage) => {
        await stage.goto(`/?lang=${lang}`);
        assert.equal(await stage.page.locator('html').getAttribute('lang'), lang);
        await assertAccessible(stage, `map, ${lang}, ${colorScheme}`);
      },
      { lang, colorScheme },
    );
  }
}

for (const path of ['/collections/actors/items?f=html', '/collections/events/items?f=html', '/api?f=html']) {
  scenario(`22 axe finds nothing on ${path}`, async (stage) => {
    stage.allow(/favicon/); // these pages name no icon
    await stage.goto(path, { map: false });
    await assertAccessible(stage, path);
  });
}

scenario(
  '22 at 320 pixels nothing has to be scrolled sideways',
  async (stage) => {
    await stage.goto('/');
    const { wide, window: width } = await stage.page.evaluate(() => ({
      wide: document.scrollingElement.scrollWidth,
      window: window.innerWidth,
    }));
    assert.ok(wide <= width, `${wide} pixels wide in a window of ${width}`);
    await assertAccessible(stage, 'map, 320 pixels');
    await stage.shot('reflow-320');
  },
  { viewport: { width: 320, height: 640 } },
);

scenario(
  '22 under forced colours every button can be seen',
  async (stage) => {
    await stage.goto('/');
    await eventually('forced colours', () =>
      stage.page.evaluate(() => matchMedia('(forced-colors: active)').matches),
    );
    await assertAccessible(stage, 'map, forced colours');
    await stage.shot('forced-colours');
  },
  { forcedColors: 'active' },
);

scenario('22 who wants less motion is not flown about', async (stage) => {
  await stage.goto('/');
  await stage.page.getByRole('combobox').first().fill('Cilaos');
  await stage.page
    .getByRole('option', { name: /Cilaos/ })
    .first()
    .click();
  await eventually('the map is there', async () => Math.abs((await stage.map.camera()).lat + 21.14) < 0.1);
  assert.equal(await stage.page.evaluate(() => window.__map.isMoving()), false);
});
