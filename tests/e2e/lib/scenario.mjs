// A scenario is a test with a page of its own, which must end clean; a failure leaves a picture and the page's text.
import { test } from 'node:test';
import { Stage } from './stage.mjs';
import { reunion } from './world.mjs';

const TIMEOUT_MS = 400_000;

/**
 * @param {string} title
 * @param {(stage: Stage) => Promise<void>} body
 * @param {{server?: () => Promise<{url: string}>, own?: () => Promise<{server: {url: string, stop: () => Promise<void>}, origins?: string[]}>}} options
 *   `own`: starts a service for this scenario alone, with the other servers that its pages ask; the rest goes to `Stage.open`
 */
export function scenario(title, body, { server = reunion, own, ...options } = {}) {
  test(title, { timeout: TIMEOUT_MS }, async () => {
    const started = await own?.();
    const origins = started?.origins ?? options.origins ?? [];
    const stage = await Stage.open(started?.server ?? (await server()), { ...options, origins });
    try {
      await body(stage);
      await stage.assertClean();
    } catch (error) {
      error.message += `\n  seen: ${await stage.keep(title)}`;
      throw error;
    } finally {
      await stage.close();
      await started?.server.stop();
    }
  });
}
