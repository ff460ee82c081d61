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

  /** Resolves when everything confirmed before the call can be read. */
  async settle(): Promise<void> {
    const wanted = this.#writtenAt;
    const { signal, shownMs } = this.#options;
    while (this.#shownTo < wanted && performance.now() < wanted + shownMs && !signal.aborted) {
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined;
      });
      if (!(await this.#flushing)) await this.#sleep(wanted + shownMs - performance.now());
    }
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
