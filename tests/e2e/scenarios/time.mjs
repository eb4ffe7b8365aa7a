// Scenario 5: time, in the time of the place.
import assert from 'node:assert/strict';
import { focused, tabTo } from '../lib/keys.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { hostile } from '../lib/world.mjs';

/** The list of events, by their start. */
async function listed(page, expected) {
  await eventually(`${expected.length} events are listed`, async () => {
    assert.deepEqual(await page.rows().locator('.row-name').allInnerTexts(), expected);
    return true;
  });
}

const dates = (page) => ({
  from: page.period().getByLabel('Du').last(),
  to: page.period().getByLabel('Au').last(),
});

scenario(
  '5 two dates narrow the events: those without an end and those past midnight too',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/?view=list&list=events');
    await dates(page).from.fill('2026-03-12');
    await dates(page).to.fill('2026-03-13');
    await page.address('to', '2026-03-13');
    await listed(page, ['Concert du soir', 'Réunion sans heure de fin']);
    await stage.map.rests();
    await stage.map.totals('events', 2);
    await stage.shot('time');
    await page.period().getByRole('button', { name: 'Toutes les dates' }).click();
    await page.address('from', null);
  },
  { server: hostile },
);

scenario(
  '5 a day is that of the place: an event at one in the night is listed on its day, and counted on it',
  async (stage) => {
    const page = new MapPage(stage);
    for (const [day, events] of [
      ['2026-03-15', ['Marché de nuit']],
      ['2026-03-16', ['Marché de nuit', 'Lecture de l’aube']],
      ['2026-03-17', []],
    ]) {
      await stage.goto(`/?view=list&list=events&from=${day}&to=${day}`);
      await listed(page, events);
      await stage.map.rests();
      await stage.map.totals('events', events.length);
    }
  },
  { server: hostile },
);

scenario(
  '5 the agenda puts each event on the day of its place',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/?view=agenda&from=2026-03-15&to=2026-03-18');
    const day = (name) => stage.page.getByRole('region', { name });
    await day(/lundi 16 mars 2026/)
      .getByText('Lecture de l’aube')
      .waitFor();
    await day(/dimanche 15 mars 2026/)
      .getByText('Marché de nuit')
      .waitFor();
    await day(/mercredi 18 mars 2026/)
      .getByText('Journée entière')
      .waitFor();
    assert.equal(
      await day(/dimanche 15 mars 2026/)
        .getByText('Lecture de l’aube')
        .count(),
      0,
    );
    await stage.shot('agenda');
    void page;
  },
  { server: hostile },
);

scenario(
  '5 by keyboard alone: a handle moves, its value is told, the list follows; it plays and stops',
  async (stage) => {
    const page = new MapPage(stage);
    const { keyboard } = stage.page;
    await stage.goto('/?view=list&list=events');
    await page.period().getByRole('slider').first().waitFor();
    const all = await eventually('the list is there', () => page.rows().count());
    await tabTo(stage.page, ({ tag, name }) => tag === 'input' && name === 'Du');
    const text = () => stage.page.evaluate(() => document.activeElement.getAttribute('aria-valuetext'));
    const before = await text();
    for (let press = 0; press < 3; press += 1) await keyboard.press('ArrowRight');
    await eventually('the handle tells a later day', async () => (await text()) !== before);
    assert.match(await text(), /2026/);
    await eventually('the address has the day', () => /^2026-/.test(page.query().get('from') ?? ''));
    await eventually('the list is shorter', async () => (await page.rows().count()) < all);

    await tabTo(stage.page, ({ name }) => name === 'Faire défiler le temps', { key: 'Shift+Tab' });
    const from = page.query().get('from');
    await keyboard.press('Enter');
    await eventually('the window moves by itself', () => page.query().get('from') !== from);
    await eventually(
      'it can be stopped',
      async () => (await focused(stage.page)).name === 'Arrêter le défilement',
    );
    await keyboard.press('Enter');
    await page.period().getByRole('button', { name: 'Faire défiler le temps' }).waitFor();
  },
  { server: hostile },
);
