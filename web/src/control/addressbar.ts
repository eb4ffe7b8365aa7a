import type { Config } from '../config.ts';
import { readQuery, writeQuery } from '../state/address.ts';
import type { Address } from '../state/model.ts';

/** `push`: a step of Back and Forward; `replace`: none; `merge`: one step for changes in quick succession. */
export type Step = 'push' | 'replace' | 'merge';

/** Changes that follow one another within this time are one step, in milliseconds. */
const MERGE_MS = 1500;

/** The state as the address of the page shows it. */
export class AddressBar {
  #merged = 0;

  constructor(readonly config: Config) {}

  read(): Address {
    return readQuery(new URLSearchParams(location.search), this.config);
  }

  write(address: Address, step: Step): void {
    const search = writeQuery(new URLSearchParams(location.search), address, this.config);
    const url = this.url(search, location.hash);
    if (url === location.pathname + location.search + location.hash) return;
    const now = Date.now();
    const follows = step === 'merge' && now - this.#merged < MERGE_MS;
    if (step === 'merge') this.#merged = now;
    if (step === 'replace' || follows) history.replaceState(history.state, '', url);
    else history.pushState(null, '', url);
  }

  /** The address of a state: for links in the page. */
  href(address: Address, hash = ''): string {
    return this.url(writeQuery(new URLSearchParams(location.search), address, this.config), hash);
  }

  /** The path is written out: a bare query would be read against `<base>`. */
  private url(search: string, hash: string): string {
    return `${location.pathname}${search ? `?${search}` : ''}${hash}`;
  }
}
