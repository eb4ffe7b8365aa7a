// Scenarios 25 and 26: what happens when a part is missing: a message, and the rest goes on.
import assert from 'node:assert/strict';
import { NO_WEBGL } from '../lib/browser.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';

const alert = (stage) => stage.page.getByRole('alert').filter({ hasText: /\S/ });
/** What the console says of failed requests; what nobody caught is never expected. */
const FAILED_REQUEST = /^(?!uncaught)/;

scenario('25 dead tiles: a message, the search still works, and trying again mends it', async (stage) => {
  stage.allow(FAILED_REQUEST);
  const { page } = stage;
  await page.route(/\/tiles\/actors\/\d+\//, (route) => route.fulfill({ status: 500, body: '{}' }));
  await stage.goto('/');
  await alert(stage).waitFor();
  await stage.map.assertPainted();
  await page.unroute(/\/tiles\/actors\/\d+\//);
  await alert(stage).getByRole('button').first().click();
  await eventually(
    'the actors are drawn',
    async () => (await stage.map.drawn('actors', 'actor_clusters')).length > 0,
  );
  assert.equal(await alert(stage).count(), 0);
});

scenario('25 offline in mid-use: a message, and what is shown stays', async (stage) => {
  stage.allow(FAILED_REQUEST);
  await stage.goto('/');
  await stage.context.setOffline(true);
  await stage.page.evaluate(() => window.__map.jumpTo({ center: [55.3, -21.0], zoom: 13 }));
  await alert(stage).waitFor();
  await stage.page.getByRole('combobox').first().fill('Cilaos');
  await eventually('the search says that it has no answer', async () =>
    /pas répondu|connexion|hors ligne/i.test(await stage.text()),
  );
  await stage.context.setOffline(false);
  await alert(stage).getByRole('button').first().click();
  await stage.map.rests();
  await eventually(
    'the points come',
    async () => (await stage.map.drawn('actors', 'actor_clusters', 'municipalities')).length > 0,
  );
});

scenario(
  '26 without WebGL the page says so, and the list is there',
  async (stage) => {
    stage.allow(FAILED_REQUEST);
    await stage.goto('/', { map: false });
    await eventually('the message', async () => /WebGL/.test(await stage.text()));
    await stage.page.getByRole('button', { name: /list/i }).first().click();
    await eventually(
      'a list of actors',
      async () => (await stage.page.getByRole('main').locator('li').count()) > 10,
    );
    await stage.shot('no-webgl');
  },
  { switches: NO_WEBGL },
);
