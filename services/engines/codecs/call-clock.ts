/** How long a call has run, in processor time of this thread: of a machine that is busy elsewhere only the time we had counts. */

/** Whatever the processor did: nobody waits longer than so many budgets. */
const MOST_WAITED = 20;
/** Below, the clock on the wall is as good, and quicker asked. */
const SHORT_MS = 1;

export class CallClock {
  #budgetMs: number;
  #startedAt = 0;
  #cpuAtStart = 0;

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  start(): void {
    this.#cpuAtStart = cpuMs();
    this.#startedAt = performance.now();
  }

  /** Since the start. */
  elapsedMs(): number {
    const waited = performance.now() - this.#startedAt;
    return waited < SHORT_MS ? waited : cpuMs() - this.#cpuAtStart;
  }

  isOver(): boolean {
    const waited = performance.now() - this.#startedAt;
    if (waited < this.#budgetMs) return false;
    return waited > MOST_WAITED * this.#budgetMs || cpuMs() - this.#cpuAtStart >= this.#budgetMs;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
