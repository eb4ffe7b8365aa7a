// Scenario 3: themes are alternatives, kinds narrow them; every count is that of the data.
import assert from 'node:assert/strict';
import { everything } from '../lib/api.mjs';
import { digits, MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

const ofThemes =
  (...codes) =>
  ({ properties }) =>
    properties.themes?.some((theme) => codes.includes(theme));

scenario('3 two themes OR, a kind AND; chips; one taken off; all taken off', async (stage) => {
  const page = new MapPage(stage);
  const server = await reunion();
  const [actors, events] = await Promise.all([everything(server, 'actors'), everything(server, 'events')]);
  const located = ({ geometry }) => geometry !== null;
  await stage.goto('/');
  await page.tells('actors', actors.length);

  await page.theme('Alimentation').click();
  await page.theme('Énergie, climat').click();
  const chosen = actors.filter(ofThemes('food', 'energy'));
  await page.tells('actors', chosen.length);
  await page.tells('events', events.filter(ofThemes('food', 'energy')).length);
  assert.equal(page.query().get('theme'), 'energy,food');

  await page.page.getByText('Types d’acteurs').click();
  await page.page.getByRole('checkbox', { name: /^Association/ }).check();
  const associations = chosen.filter(({ properties }) => properties.kind === 'association');
  await page.tells('actors', associations.length);
  await stage.map.rests();
  await stage.map.totals('actors', associations.filter(located).length);
  assert.equal(
    await page
      .chips()
      .getByRole('button', { name: /^Retirer/ })
      .count(),
    3,
  );
  await stage.shot('filters');

  await page.openTab(/^Liste/);
  await eventually('the list says how many', async () => {
    const [, all] = (await page.panel().locator('.in-view').innerText()).split('sur');
    return all && digits(all) === associations.length;
  });
  await page.chips().getByRole('button', { name: 'Retirer le filtre Association' }).click();
  await page
    .chips()
    .getByRole('button', { name: /^Retirer/ })
    .nth(1)
    .waitFor();
  await page.openTab(/^Filtres/);
  await page.tells('actors', chosen.length);
  await page.chips().getByRole('button', { name: 'Tout effacer' }).click();
  await page.tells('actors', actors.length);
  assert.equal(await page.chips().count(), 0);
  assert.equal(page.query().get('theme'), null);
});

scenario('3 what each theme would leave is told beside it', async (stage) => {
  const page = new MapPage(stage);
  const server = await reunion();
  const all = [...(await everything(server, 'actors')), ...(await everything(server, 'events'))];
  await stage.goto('/');
  for (const [label, code] of [
    ['Santé', 'health'],
    ['Culture', 'culture'],
    ['Sport', 'sport'],
  ]) {
    const expected = all.filter(ofThemes(code)).length;
    await eventually(`${label} tells ${expected}`, async () => {
      const text = await page.theme(label).locator('.number').innerText();
      return digits(text) === expected;
    });
  }
});
