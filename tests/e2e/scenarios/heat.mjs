// Scenario 6, cells: they add up, and open.
import assert from 'node:assert/strict';
import { everything } from '../lib/api.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

scenario('6 cells add up to the total; a press on one zooms in', async (stage) => {
  const server = await reunion();
  const [actors, events] = await Promise.all([everything(server, 'actors'), everything(server, 'events')]);
  const located = [...actors, ...events].filter(({ geometry }) => geometry).length;
  await stage.goto('/?layer=heat');
  await stage.map.jumpTo(55.53, -21.13, 9);
  const cells = await stage.map.held('heat', 'h3');
  assert.ok(cells.length > 3, 'no cells are drawn');
  const sum = cells.reduce((total, { properties }) => total + properties.count, 0);
  assert.equal(sum, located);
  await stage.shot('heat');
  const before = await stage.map.camera();
  const [cell] = await stage.map.drawn('h3');
  await stage.map.click(cell.middle);
  await eventually('the map comes nearer', async () => (await stage.map.camera()).zoom > before.zoom + 0.5);
});
