/** How long a call has run, in processor time of this thread: of a machine that is busy elsewhere only the time we had counts. */

/** Whatever the processor did: nobody waits longer than so many budgets. */
const MOST_WAITED = 20;
/** QuickJS asks for the first time within so long. */
const FIRST_ASKED_MS = 1;

export class CallClock {
  #budgetMs: number;
  #startedAt = 0;
  /** Processor time at the start. The system call costs a tenth of a usual call, so only long ones have it. */
  #cpuAtStart: number | undefined;

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#cpuAtStart = undefined;
  }

  /** Since the start; of a call in which QuickJS never asked, on the wall, which may be more than it had. */
  elapsedMs(): number {
    if (this.#cpuAtStart !== undefined) return cpuMs() - this.#cpuAtStart;
    return Math.min(performance.now() - this.#startedAt, this.#budgetMs);
  }

  isOver(): boolean {
    const waited = performance.now() - this.#startedAt;
    this.#cpuAtStart ??= cpuMs() - Math.min(waited, FIRST_ASKED_MS);
    if (waited < this.#budgetMs) return false;
    return waited > MOST_WAITED * this.#budgetMs || cpuMs() - this.#cpuAtStart >= this.#budgetMs;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
