// Scenarios 25 and 26: what happens when a part is missing: a message, and the rest goes on.
import { NO_WEBGL } from '../lib/browser.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';

/** What the console says of failed requests; what nobody caught is never expected. */
const FAILED_REQUEST = /^(?!uncaught)/;

scenario('25 dead tiles: a message, the list still works, and trying again mends it', async (stage) => {
  stage.allow(FAILED_REQUEST);
  const page = new MapPage(stage);
  const dead = /\/tiles\/actors\/\d+\//;
  await stage.page.route(dead, (route) => route.fulfill({ status: 500, body: '{}' }));
  await stage.goto('/?view=list');
  await page.alert().waitFor();
  await eventually('the list is there', async () => (await page.rows().count()) > 10);
  await stage.map.assertPainted();
  await stage.shot('dead-tiles');
  await stage.page.unroute(dead);
  await page.alert().getByRole('button', { name: 'Réessayer' }).click();
  await eventually(
    'the actors are drawn',
    async () => (await stage.map.drawn('actors', 'actor_clusters')).length > 0,
  );
  await eventually('the message goes', async () => (await page.alert().count()) === 0);
});

scenario('25 a style that cannot be read: a message, and the list', async (stage) => {
  stage.allow(FAILED_REQUEST);
  const page = new MapPage(stage);
  await stage.page.route(/\/styles\//, (route) => route.fulfill({ status: 500, body: '{}' }));
  await stage.goto('/?view=list', { map: false });
  await page.alert().waitFor();
  await eventually('the list is there', async () => (await page.rows().count()) > 10);
});

scenario('25 offline in mid-use: a message, what is shown stays, and it mends itself', async (stage) => {
  stage.allow(FAILED_REQUEST);
  const page = new MapPage(stage);
  await stage.goto('/?view=list');
  await eventually('the list is there', async () => (await page.rows().count()) > 10);
  await stage.context.setOffline(true);
  await stage.page.evaluate(() => window.__map.jumpTo({ center: [55.3, -21.0], zoom: 13 }));
  await eventually('it is told', async () => /hors ligne/i.test(await page.alert().innerText()));
  await stage.map.assertPainted();
  await page.search().fill('Cilaos');
  await eventually('the search says so', async () => /n’a pas répondu/.test(await stage.text()));
  await stage.shot('offline');
  await stage.context.setOffline(false);
  await eventually('the message goes', async () => (await page.alert().count()) === 0);
  await stage.map.rests();
  await eventually('the place is drawn', async () => (await stage.map.drawn('municipalities')).length > 0);
});

scenario('25 the data cannot be read: it is said where they would stand', async (stage) => {
  stage.allow(FAILED_REQUEST);
  await stage.page.route(/\/collections\/actors\/items/, (route) =>
    route.fulfill({ status: 503, body: '{}' }),
  );
  await stage.goto('/?view=list');
  await eventually('it is told', async () => /La liste n’a pas pu être lue/.test(await stage.text()));
  await stage.map.assertPainted();
});

scenario(
  '26 without WebGL the page says so, and the list, the filters, the cards are there',
  async (stage) => {
    stage.allow(FAILED_REQUEST);
    const page = new MapPage(stage);
    await stage.goto('/', { map: false });
    await eventually('the message', async () => /WebGL/.test(await stage.text()));
    await eventually('a table of actors', async () => (await stage.page.locator('tbody tr').count()) > 10);
    await page.theme('Santé').click();
    await page.address('theme', 'health');
    await stage.page.locator('tbody a').first().click();
    await page.card().waitFor();
    await stage.shot('no-webgl');
  },
  { switches: NO_WEBGL },
);
