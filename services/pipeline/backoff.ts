/** Waiting before something is tried again: twice as long each time, with jitter so that the waiting do not come at once. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface BackoffTimes {
  firstMs: number;
  mostMs: number;
}

export class Backoff {
  #times: BackoffTimes;
  #attempts = 0;

  constructor(times: BackoffTimes = { firstMs: 100, mostMs: 30_000 }) {
    this.#times = times;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Resolves after half to all of the time that is due, at once when `signal` fires. */
  async wait(signal: AbortSignal): Promise<void> {
    const due = Math.min(this.#times.mostMs, this.#times.firstMs * 2 ** this.#attempts++);
    await sleep(due * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }

  reset(): void {
    this.#attempts = 0;
  }
}
