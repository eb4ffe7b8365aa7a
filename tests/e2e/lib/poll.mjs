// Waiting. Nothing here sleeps for a fixed time: a probe is asked again until it holds, or the deadline has passed.
import { AssertionError } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 60;
/** Generous: a busy machine with two cores and software rendering is slow, not wrong. */
export const PATIENCE_MS = Number(process.env.E2E_PATIENCE_MS ?? 60_000);

/**
 * Asks `probe` until it neither fails an assertion nor gives a falsy value, and returns what it gave.
 * `page.waitForFunction` is not used: it needs eval, which the page's policy forbids.
 */
export async function eventually(what, probe, within = PATIENCE_MS) {
  const deadline = Date.now() + within;
  for (;;) {
    let last;
    try {
      const value = await probe();
      if (value) return value;
      last = new AssertionError({ message: `never came true: ${what}`, actual: value });
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      last = error;
    }
    if (Date.now() > deadline) {
      last.message = `${what} (waited ${within} ms): ${last.message}`;
      throw last;
    }
    await pause(EVERY_MS);
  }
}
