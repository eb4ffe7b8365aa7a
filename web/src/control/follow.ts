import { ApiError } from '../api/client.ts';
import type { Loaded, State } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** Loads something anew whenever its key changes; the load of an older key is broken off. A null key asks for nothing. */
export class Follower {
  #key: string | null = null;
  #request = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store<State>,
    readonly key: (state: State) => string | null,
    readonly load: (signal: AbortSignal) => Promise<void>,
    readonly pauseMs = 0,
  ) {
    this.#check();
    store.watch(() => this.#check());
  }

  /** Loads again what was asked last. */
  again(): void {
    this.#key = null;
    this.#check();
  }

  #check(): void {
    const key = this.key(this.store.value);
    if (key === this.#key) return;
    this.#key = key;
    this.#request.abort();
    clearTimeout(this.#timer);
    if (key === null) return;
    this.#request = new AbortController();
    const { signal } = this.#request;
    if (this.pauseMs === 0) void this.load(signal);
    else this.#timer = setTimeout(() => void this.load(signal), this.pauseMs);
  }
}

/** What a promise came to. */
export type Settled<T> = Exclude<Loaded<T>, { state: 'loading' }> & { status?: number };

/** What a promise comes to, as a value. */
export async function loaded<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { state: 'ready', value: await promise };
  } catch (error) {
    if (error instanceof ApiError) return { state: 'failed', why: error.detail, status: error.status };
    return { state: 'failed', why: '' };
  }
}
