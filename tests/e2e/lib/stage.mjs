// One page under watch: what it asks of others, what it complains about, what it transfers.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser } from './browser.mjs';
import { MapProbe } from './map.mjs';
import { OUT } from './paths.mjs';
import { PATIENCE_MS } from './poll.mjs';

export const DESK = { width: 1440, height: 900 };
export const TABLET = { width: 768, height: 1024 };
export const PHONE = { width: 390, height: 844 };

/** Runs in the page before anything else: notes when the map first rests, long tasks and breaches of the policy. */
function watch() {
  const seen = { firstIdle: null, longTasks: [], violations: [], shift: 0 };
  Object.defineProperty(window, '__seen', { value: seen });
  document.addEventListener('securitypolicyviolation', (event) => {
    seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  const observe = (type, take) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
    } catch {} // a kind of entry that this browser does not have
  };
  observe('longtask', ({ startTime, duration }) => seen.longTasks.push({ startTime, duration }));
  observe('layout-shift', (entry) => {
    if (!entry.hadRecentInput) seen.shift += entry.value;
  });
  new MutationObserver(() => {
    if (document.body?.dataset.mapIdle && seen.firstIdle === null) seen.firstIdle = performance.now();
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-map-idle'] });
}

export class Stage {
  /** What went over the wire: `{url, status, type, bytes}` each. */
  transfers = [];
  #complaints = [];
  #foreign = [];
  #allowed = [];
  #pending = [];

  constructor(context, page, home, origins) {
    Object.assign(this, { context, page, home });
    this.map = new MapProbe(page, () => this.#complaints.find((text) => text.startsWith('uncaught')));
    const known = new Set([home, ...origins].map((url) => new URL(url).origin));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^https?:$/.test(url.protocol) && !known.has(url.origin)) this.#foreign.push(request.url());
    });
    page.on('requestfinished', (request) => this.#pending.push(this.#weigh(request)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.#complaints.push(`uncaught: ${error.stack ?? error}`));
    page.on('dialog', (dialog) => {
      this.#complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** `server` is what `lib/world.mjs` gives; `origins` are others that may be asked; the rest goes to the context. */
  static async open(server, { switches, origins = [], lang = 'fr', ...options } = {}) {
    const instance = await browser(switches);
    const context = await instance.newContext({
      viewport: DESK,
      locale: lang === 'fr' ? 'fr-FR' : 'en-GB',
      timezoneId: 'America/New_York', // not that of any fixture: times must be told in the place's own zone
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(watch);
    const page = await context.newPage();
    return new Stage(context, page, server.url, origins);
  }

  /** Opens a path of the server; `e2e=1` is added where the map is to be asked. */
  async goto(path = '/', { map = true } = {}) {
    const url = new URL(this.home + path);
    if (map) url.searchParams.set('e2e', '1');
    const response = await this.page.goto(url.href);
    if (map) await this.map.rests();
    return response;
  }

  /** Errors that this scenario provokes. */
  allow(...patterns) {
    this.#allowed.push(...patterns);
  }

  async seen() {
    return this.page.evaluate(() => window.__seen);
  }

  async text() {
    return this.page.evaluate(() => document.body.innerText);
  }

  async #weigh(request) {
    const response = await request.response().catch(() => null);
    const sizes = await request.sizes().catch(() => null);
    if (!response) return;
    const bytes = sizes?.responseBodySize ?? 0;
    this.transfers.push({
      url: request.url(),
      status: response.status(),
      type: request.resourceType(),
      bytes,
    });
  }

  /** Everything that has come so far, weighed. */
  async weighed() {
    while (this.#pending.length > 0) await Promise.all(this.#pending.splice(0));
    return this.transfers;
  }

  /** Fails where the page asked another origin, broke its policy, or complained. */
  async assertClean() {
    const { violations } = this.page.isClosed()
      ? { violations: [] }
      : await this.seen().catch(() => ({ violations: [] }));
    const complaints = this.#complaints.filter(
      (text) => !this.#allowed.some((pattern) => pattern.test(text)),
    );
    assert.deepEqual(this.#foreign, [], 'requests to other origins');
    assert.deepEqual(violations ?? [], [], 'breaches of the content security policy');
    assert.deepEqual(complaints, [], 'errors in the console');
  }

  async shot(name, options = {}) {
    mkdirSync(join(OUT, 'shots'), { recursive: true });
    const path = join(OUT, 'shots', `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled', ...options });
    return path;
  }

  /** The page as it is printed, on A4. */
  async pdf(name) {
    mkdirSync(join(OUT, 'shots'), { recursive: true });
    await this.page.pdf({ path: join(OUT, 'shots', `${name}.pdf`), format: 'A4' });
  }

  /** Keeps what can be seen of a failure. */
  async keep(title) {
    const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
    const folder = join(OUT, 'failures');
    mkdirSync(folder, { recursive: true });
    const text = await this.text().catch((error) => String(error));
    const log = [`${this.page.url()}`, ...this.#complaints, '', text].join('\n');
    writeFileSync(join(folder, `${name}.txt`), log);
    await this.page.screenshot({ path: join(folder, `${name}.png`) }).catch(() => {});
    return `${join('build/e2e/failures', name)}.png\n${log.slice(0, 3_000)}`;
  }

  async close() {
    await this.context.close();
  }
}
