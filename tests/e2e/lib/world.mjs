// What the scenarios share: two served territories, each built once, when it is first asked for.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURE, OUT } from './paths.mjs';
import { freshData, ingest, start } from './program.mjs';

mkdirSync(OUT, { recursive: true });

const once = (make) => {
  let made;
  return () => (made ??= make());
};

/** La Réunion as `parvis demo` builds it. */
export const reunion = once(() => start('demo', freshData('reunion'), '--territory', 'reunion'));

/** The same island with hostile records on it: fixture/hostile.toml. */
export const hostile = once(async () => {
  const data = freshData('hostile');
  await ingest(join(FIXTURE, 'hostile.toml'), data);
  return start('serve', data);
});

/** La Réunion under a base path. */
export const underPath = once(async () => {
  await reunion();
  return start('serve', join(OUT, 'data/reunion'), '--base-path', '/carto');
});

/** The edition that E2E_DATA names, where it is to be measured: see `make e2e-scale`. La Réunion otherwise. */
export const measured = once(() => (process.env.E2E_DATA ? start('serve', process.env.E2E_DATA) : reunion()));
