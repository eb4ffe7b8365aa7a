// Every scenario in one process: one program a territory, one Chromium at a time.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { closeBrowser } from './lib/browser.mjs';
import { printBudgets } from './lib/budget.mjs';
import { closeOthers } from './lib/others.mjs';
import { OUT } from './lib/paths.mjs';
import { stopAll } from './lib/program.mjs';

const SCENARIOS = [
  'open',
  'breadcrumb',
  'levels',
  'filters',
  'search',
  'time',
  'clusters',
  'heat',
  'card',
  'permalink',
  'share',
  'embed',
  'pages',
  'access',
  'language',
  'base-path',
  'failures',
  'basemap',
  'look',
  'around',
  'print',
  'gallery',
  'budgets',
  'phone',
];

before(() => {
  for (const name of ['failures', 'shots']) rmSync(join(OUT, name), { recursive: true, force: true });
});
after(async () => {
  printBudgets();
  await closeBrowser();
  closeOthers();
  await stopAll();
});

const only = process.env.E2E_ONLY?.split(',') ?? SCENARIOS;
for (const name of only) await import(`./scenarios/${name}.mjs`);
