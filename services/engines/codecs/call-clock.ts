/** How long a call has run, in processor time of this thread: of a machine that is busy elsewhere only the time we had counts. */

/** Whatever the processor did: nobody waits longer than so many budgets. */
const MOST_WAITED = 20;

export class CallClock {
  #budgetMs: number;
  #startedAt = 0;
  /** Processor time at the start; asked for only once QuickJS has done some ten thousand steps, for most calls never. */
  #cpuAtStart: number | undefined;

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#cpuAtStart = undefined;
  }

  get elapsedMs(): number {
    return this.#cpuAtStart === undefined ? performance.now() - this.#startedAt : cpuMs() - this.#cpuAtStart;
  }

  isOver(): boolean {
    const waited = performance.now() - this.#startedAt;
    this.#cpuAtStart ??= cpuMs() - Math.min(waited, 1);
    if (waited < this.#budgetMs) return false;
    return waited > MOST_WAITED * this.#budgetMs || cpuMs() - this.#cpuAtStart >= this.#budgetMs;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
