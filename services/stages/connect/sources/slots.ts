/** So many at once and no more: the others wait in their order, each until its turn or its stop. */

export class Slots {
  #free: number;
  #waiting = new Set<() => void>();

  constructor(most: number) {
    this.#free = most;
  }

  /** Runs `work` when there is room. @throws the signal's reason when it fires before; else what the work throws. */
  async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next) {
        this.#waiting.delete(next); // the slot is his from now on
        next();
      } else this.#free++;
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => reject(signal.reason);
    this.#waiting.add(resolve);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await promise;
    } finally {
      this.#waiting.delete(resolve);
      signal.removeEventListener('abort', stop);
    }
  }
}
