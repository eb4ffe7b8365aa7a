// What an operator makes their own: title, words, colours.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MapPage } from '../lib/page.mjs';
import { OUT } from '../lib/paths.mjs';
import { eventually } from '../lib/poll.mjs';
import { start } from '../lib/program.mjs';
import { scenario } from '../lib/scenario.mjs';
import { reunion } from '../lib/world.mjs';

const LOOK = `
title = { fr = "La carte du pays", en = "The map of the country" }
tagline = { fr = "Qui est là, ce qui s’y passe.", en = "Who is here, what happens here." }
[nouns.fr]
actor = "association"
actors = "associations"
event = "sortie"
events = "sorties"
[light]
accent = "#00534c"
`;

const ownLook = async () => {
  await reunion();
  const path = join(OUT, 'data/look.toml');
  writeFileSync(path, LOOK);
  return start('serve', join(OUT, 'data/reunion'), '--look', path);
};

scenario(
  'the look of the operator: title, words and colours on the map page',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    await eventually('counts', async () => /\d+\s+associations/i.test(await stage.text()));
    const text = await stage.text();
    for (const words of ['La carte du pays', 'Qui est là, ce qui s’y passe.'])
      assert.ok(text.includes(words), words);
    for (const words of [/\bacteurs?\b/i, /\bévénements?\b/i]) assert.doesNotMatch(text, words);
    await page.openTab(/^Liste/);
    await page
      .panel()
      .getByRole('button', { name: /^Sorties/ })
      .waitFor();
    const accent = await stage.page.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue('--accent'),
    );
    assert.match(accent, /#00534c/);
    await stage.shot('look');
  },
  { server: ownLook },
);
