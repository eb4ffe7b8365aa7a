// Where things are. Everything that a run writes goes to build/e2e.
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../../..');
export const OUT = join(ROOT, 'build/e2e');
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
/** The program under test: the one that `cargo test` builds, unless PARVIS_BIN names another. */
export const PROGRAM = process.env.PARVIS_BIN
  ? resolve(ROOT, process.env.PARVIS_BIN)
  : join(TARGET, 'debug/parvis');
export const FIXTURE = join(ROOT, 'tests/e2e/fixture');
