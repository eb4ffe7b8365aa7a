// Scenario 22 on the map page: nobody is shut out. axe on every state, in both languages, light and dark.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/axe.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';

/** The states of the page, each reached from the one before; by selectors that no language changes. */
const STATES = {
  map: async () => {},
  'search open': async ({ page }) => {
    await page.locator('#search').fill('saint');
    await page.getByRole('option').nth(2).waitFor();
  },
  'siblings open': async ({ page }) => {
    await page.locator('#search').fill('');
    await page.locator('.crumbs button').last().click();
    await page.locator('.picker:popover-open a').first().waitFor();
  },
  'filters and chips': async ({ page }) => {
    await page.keyboard.press('Escape');
    for (const fold of await page.locator('.panel details > summary').all()) await fold.click();
    await page.locator('.themes button').first().click();
    await page.locator('.chips .chip').first().waitFor();
  },
  list: async ({ page }) => {
    await page.locator('#tab-list').click();
    await page.locator('.rows li').nth(3).waitFor();
  },
  card: async ({ page }) => {
    await page.locator('.rows li button').first().click();
    await page.locator('.card .units a').first().waitFor();
  },
  table: async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.locator('.views button').nth(1).click();
    await page.locator('table tbody tr').nth(3).waitFor();
  },
  agenda: async ({ page }) => {
    await page.locator('.views button').nth(2).click();
    await page.locator('.agenda li, .agenda .empty').first().waitFor();
  },
  share: async ({ page }) => {
    await page.locator('.views button').first().click();
    await page.locator('.tools button').first().click();
    await page.locator('dialog.share textarea').first().waitFor();
  },
};

for (const lang of ['fr', 'en']) {
  for (const colorScheme of ['light', 'dark']) {
    scenario(
      `22 axe finds nothing in any state of the map page: ${lang}, ${colorScheme}`,
      async (stage) => {
        await stage.goto(`/?lang=${lang}`);
        assert.equal(await stage.page.locator('html').getAttribute('lang'), lang);
        for (const [state, reach] of Object.entries(STATES)) {
          await reach(stage);
          await assertAccessible(stage, `map page, ${state}, ${lang}, ${colorScheme}`);
        }
      },
      { lang, colorScheme },
    );
  }
}

scenario(
  '22 at 320 pixels nothing has to be scrolled sideways, whatever is shown',
  async (stage) => {
    await stage.goto('/');
    const widths = () =>
      stage.page.evaluate(() => ({ wide: document.scrollingElement.scrollWidth, window: window.innerWidth }));
    for (const path of ['/', '/?view=list', '/?view=agenda', '/?unit=municipality:97411']) {
      await stage.goto(path);
      const { wide, window } = await widths();
      assert.ok(wide <= window, `${path}: ${wide} pixels wide in a window of ${window}`);
    }
    await assertAccessible(stage, 'map page, 320 pixels');
    await stage.shot('reflow-320');
  },
  { viewport: { width: 320, height: 640 } },
);

/** What sticks out of the window, and what is cut off though nothing says so. */
function cutOff() {
  const shown = [...document.querySelectorAll('button, a, h1, h2, label, input')].filter((element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
  );
  const clipped = shown.filter((element) => {
    if (element.clientWidth <= 1) return false; // there for screen readers, and for whoever tabs to it
    const { overflowX, textOverflow } = getComputedStyle(element);
    const hides = overflowX !== 'visible' && textOverflow !== 'ellipsis';
    return hides && element.scrollWidth > element.clientWidth + 1;
  });
  return {
    tooWide: Math.max(0, document.scrollingElement.scrollWidth - innerWidth),
    clipped: clipped.map((element) => element.outerHTML.slice(0, 120)),
  };
}

scenario('22 with text at 200 % everything is there, and nothing is cut off', async (stage) => {
  // as who sets it in the browser has it, not the page: 16 pixels are 32, in media queries too
  const protocol = await stage.context.newCDPSession(stage.page);
  await protocol.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  for (const view of ['map', 'list', 'table', 'agenda']) {
    await stage.goto(`/?view=${view}`);
    assert.equal(
      await stage.page.evaluate(() => getComputedStyle(document.documentElement).fontSize),
      '30px',
    );
    assert.deepEqual(await stage.page.evaluate(cutOff), { tooWide: 0, clipped: [] }, view);
    await assertAccessible(stage, `map page, ${view}, text at 200 %`);
    await stage.shot(`text-200-${view}`);
  }
});

scenario(
  '22 under forced colours the page is whole',
  async (stage) => {
    await stage.goto('/?theme=health');
    await eventually('forced colours', () =>
      stage.page.evaluate(() => matchMedia('(forced-colors: active)').matches),
    );
    await assertAccessible(stage, 'map page, forced colours');
    await stage.shot('forced-colours');
  },
  { forcedColors: 'active' },
);

scenario('22 who wants less motion is not flown about', async (stage) => {
  const page = new MapPage(stage);
  await stage.goto('/');
  await stage.page.evaluate(() => {
    window.__moves = 0;
    window.__map.on('move', () => {
      window.__moves += 1;
    });
  });
  await page.offered('Cilaos');
  await stage.page
    .getByRole('option', { name: /Cilaos/ })
    .first()
    .click();
  await eventually('the map is there', async () => Math.abs((await stage.map.camera()).lat + 21.14) < 0.1);
  assert.ok((await stage.page.evaluate(() => window.__moves)) <= 3, 'it moved step by step');
});
