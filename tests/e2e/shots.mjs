// Pictures of a running service, to be looked at: node shots.mjs URL [FOLDER]. Each view at three widths, light and dark.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closeBrowser } from './lib/browser.mjs';
import { OUT } from './lib/paths.mjs';
import { DESK, PHONE, Stage, TABLET } from './lib/stage.mjs';

const [url, folder = join(OUT, 'look')] = process.argv.slice(2);
if (!url) throw new Error('usage: node shots.mjs URL [FOLDER]');
const home = url.replace(/\/$/, '');
const into = resolve(folder);
mkdirSync(into, { recursive: true });

/** What is looked at; a service of all of France has the views of La Réunion too. */
const VIEWS = {
  start: '/',
  'reunion-themes': '/?unit=region:04&theme=food,energy',
  'reunion-list': '/?unit=region:04&theme=food,energy&view=list',
  'commune-events': '/?unit=municipality:97411&from=2026-10-01&to=2027-03-31&view=list&list=events',
  'commune-agenda': '/?unit=municipality:97411&view=agenda',
  heat: '/?layer=heat',
  table: '/?view=table',
  embed: '/embed/map',
};
const PAGES = {
  'page-unit': '/admin-units/municipality:97411?f=html',
  'page-actors': '/collections/actors/items?f=html&limit=20',
  'page-accessibility': '/accessibility',
};
const SIZES = { 1440: DESK, 768: TABLET, 390: PHONE };
const only = process.env.SHOTS?.split(',');

for (const colorScheme of ['light', 'dark']) {
  for (const [width, viewport] of Object.entries(SIZES)) {
    const stage = await Stage.open({ url: home }, { viewport, colorScheme, hasTouch: viewport === PHONE });
    for (const [name, path] of Object.entries({ ...VIEWS, ...PAGES })) {
      if (only && !only.includes(name)) continue;
      await stage.page.goto('about:blank');
      try {
        await stage.goto(path, { map: name in VIEWS });
      } catch (error) {
        console.log(`${name}, ${width}, ${colorScheme}: ${error.message.split('\n')[0]}`);
      }
      await stage.page.screenshot({ path: join(into, `${name}-${width}-${colorScheme}.png`) });
    }
    await stage.close();
  }
}
await closeBrowser();
console.log(`pictures in ${into}`);
