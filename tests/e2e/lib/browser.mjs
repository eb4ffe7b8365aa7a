// Debian's Chromium with software GL. One runs at a time: asking for other switches closes the one before.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const NAMES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const SOFTWARE_GL = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];
const ALWAYS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  // what is not of this machine has no address: nothing leaves even where a guard has a hole
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];
export const NO_WEBGL = ['--disable-gpu', '--disable-3d-apis'];

let current = null;

export async function browser(switches = SOFTWARE_GL) {
  if (current?.switches === switches && current.browser.isConnected()) return current.browser;
  await closeBrowser();
  const executablePath = NAMES.find((name) => name && existsSync(name));
  if (!executablePath) throw new Error('Chromium is missing: run scripts/setup.sh chromium, or set CHROMIUM');
  current = { switches, browser: await chromium.launch({ executablePath, args: [...ALWAYS, ...switches] }) };
  return current.browser;
}

export async function closeBrowser() {
  await current?.browser.close();
  current = null;
}
