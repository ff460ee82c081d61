/** VictoriaMetrics shows a sample up to a second after it confirmed it; here one waits until what was written is seen. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface VisibilityOptions {
  /** Address that makes a single node show everything at once; a cluster has none that we know. */
  flushUrl: string | undefined;
  token: string | undefined;
  signal: AbortSignal;
  /** After so long everything is seen without it, ms. */
  shownMs: number;
}

// Each flush makes a small part that has to be merged later: so many at most.
const REST_MS = 100;
const FLUSH_MS = 5000;

export class Visibility {
  #options: VisibilityOptions;
  // Whatever another process wrote just before this one began.
  #writtenAt = performance.now();
  #shownTo = Number.NEGATIVE_INFINITY;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #flushing: Promise<boolean> | undefined;

  constructor(options: VisibilityOptions) {
    this.#options = options;
  }

  /** The server confirmed something just now. */
  written(): void {
    this.#writtenAt = performance.now();
  }

  /** Resolves when everything confirmed before the call can be read: for decisions, which must not miss anything. */
  async settle(): Promise<void> {
    const wanted = this.#writtenAt;
    const { signal, shownMs } = this.#options;
    while (this.#shownTo < wanted && performance.now() < wanted + shownMs && !signal.aborted)
      if (!(await this.#share())) await this.#sleep(wanted + shownMs - performance.now());
  }

  /**
   * As `settle`, but does not wait where the server cannot be told to: for questions. Under load every one of them would
   * take seconds longer, to show the last two of them.
   */
  async show(): Promise<void> {
    const wanted = this.#writtenAt;
    const { shownMs } = this.#options;
    while (this.#shownTo < wanted && performance.now() < wanted + shownMs) if (!(await this.#share())) return;
  }

  /** Those who wait at one time share one flush. */
  #share(): Promise<boolean> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #flush(): Promise<boolean> {
    const { flushUrl, token, signal } = this.#options;
    if (flushUrl === undefined) return false;
    await this.#sleep(this.#flushedAt + REST_MS - performance.now());
    const began = performance.now();
    this.#flushedAt = began;
    const shown = await flush(flushUrl, token, signal);
    if (shown) this.#shownTo = began;
    return shown;
  }

  async #sleep(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#options.signal }).catch(() => {}); // closing
  }
}

/** False where the server does not allow it or does not answer: then time does it. */
async function flush(url: string, token: string | undefined, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(FLUSH_MS)]),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
