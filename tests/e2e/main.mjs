// Every scenario in one process: one program a territory, one Chromium at a time.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { closeBrowser } from './lib/browser.mjs';
import { printBudgets } from './lib/budget.mjs';
import { closeOthers } from './lib/others.mjs';
import { OUT } from './lib/paths.mjs';
import { stopAll } from './lib/program.mjs';

before(() => {
  for (const name of ['failures', 'shots']) rmSync(join(OUT, name), { recursive: true, force: true });
});
after(async () => {
  printBudgets();
  await closeBrowser();
  closeOthers();
  await stopAll();
});

const only = process.env.E2E_ONLY?.split(',');
for (const name of ['open', 'search', 'card', 'no-script', 'access', 'base-path', 'failures', 'budgets']) {
  if (!only || only.includes(name)) await import(`./scenarios/${name}.mjs`);
}
