// The program: ingests a territory, serves an edition. Servers take a free loopback port and are stopped by `stopAll`.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OUT, PROGRAM, ROOT } from './paths.mjs';

const READY = /serves (http:\/\/127\.0\.0\.1:\d+\S*?)\/\s/;
/** Building a sample with an unoptimised program on a busy machine. */
const START_MS = 240_000;
const running = new Set();

/** An empty folder for an edition. */
export function freshData(name) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run cargo build, or set PARVIS_BIN`);
  const data = join(OUT, 'data', name);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  return data;
}

/** Publishes an edition of a territory. */
export async function ingest(config, data, ...more) {
  await promisify(execFile)(PROGRAM, ['ingest', config, '--data', data, ...more], {
    cwd: ROOT,
    timeout: START_MS,
  });
}

/** Runs `parvis serve` or `parvis demo`; resolves to its address (no slash at the end) once it listens. */
export function start(command, data, ...more) {
  const child = spawn(PROGRAM, [command, '--data', data, '--bind', '127.0.0.1:0', '--log', 'warn', ...more], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      // else it keeps the run alive after the last scenario
      clearTimeout(timer);
      reject(new Error(`parvis ${command} ${why}:\n${said}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), START_MS);
    const hear = (chunk) => {
      said = (said + chunk).slice(-20_000);
      const url = READY.exec(said)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve({ url, log: () => said, stop: () => stop(child) });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code) => fail(`ended (${code})`));
  });
}

function stop(child) {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}

export const stopAll = () => Promise.all([...running].map(stop));
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
