// Scenario 7: the card of an actor or event, from the map and from a list; hostile text is text.
import assert from 'node:assert/strict';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { hostile } from '../lib/world.mjs';

const card = (stage) => stage.page.locator('.card');

scenario(
  '7 a press on a marker opens its card; Escape closes it',
  async (stage) => {
    await stage.goto('/');
    await stage.map.jumpTo(55.2707, -21.0096, 16);
    const [marker] = (await stage.map.drawn('actors')).filter(({ properties }) =>
      /Médiathèque/.test(properties.name),
    );
    assert.ok(marker, 'the media library is not drawn');
    await stage.map.click(marker.at);
    await card(stage)
      .getByRole('heading', { name: /Médiathèque du Front de mer/ })
      .waitFor();
    await stage.page.keyboard.press('Escape');
    await eventually('the card closes', async () => (await card(stage).count()) === 0);
  },
  { server: hostile },
);
