// Scenario 9: the share dialog.
import assert from 'node:assert/strict';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';

scenario('9 link, lines for another page and a code for a camera', async (stage) => {
  const page = new MapPage(stage);
  await stage.goto('/');
  await page.theme('Santé').click();
  await page.address('theme', 'health');
  await stage.map.jumpTo(55.4504, -20.8789, 12);
  await eventually('the hash says where', () => /#map=12\//.test(stage.page.url()));
  await stage.page.getByRole('button', { name: 'Partager' }).click();
  const dialog = stage.page.getByRole('dialog', { name: /Partager/ });
  const link = new URL(await dialog.getByLabel('Lien vers cette vue').inputValue());
  assert.equal(link.searchParams.get('theme'), 'health');
  assert.equal(link.searchParams.get('e2e'), null);
  assert.match(link.hash, /^#map=12\//);

  const frame = await dialog.getByLabel('Code à coller dans une page').inputValue();
  // on this machine it is http; anywhere else https: see web/src/share.ts and its test
  assert.match(frame, /^<iframe src="https?:\/\/[^"]+\/embed\/map\?[^"]*theme=health[^"]*#map=12\/[^"]+"/);
  for (const part of ['title="Carte', 'loading="lazy"', 'allowfullscreen', 'referrerpolicy='])
    assert.ok(frame.includes(part), part);
  await dialog.getByRole('img', { name: /Code QR/ }).waitFor();
  await stage.shot('share');
  await stage.page.keyboard.press('Escape');
  await eventually('the dialog closes', async () => !(await dialog.isVisible()));
  await eventually('the focus goes back to the button', () =>
    stage.page.evaluate(() => /Partager/.test(document.activeElement.textContent)),
  );
});
