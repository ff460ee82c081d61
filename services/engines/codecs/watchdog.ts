/** Sees from outside that a call has run for too long: by the processor time of its thread, which the kernel counts. */
import { readFileSync } from 'node:fs';

const LOOK_MS = 5;
/** Where the kernel does not tell, no more than this counts between two looks: if we did not get the processor, it may not have either. */
const MOST_BETWEEN_LOOKS_MS = 25;
/** Of waiting, whatever the processor did. */
const MOST_WAITED = 12;

export class Watchdog {
  #marker: Int32Array;
  #limitMs: number;
  #task: string | undefined;
  #onStuck: () => void;
  #timer: NodeJS.Timeout | undefined;
  #seen = 0;
  #since = 0;
  #cpuAtSince: number | undefined;
  #lookedAt = 0;
  #ranMs = 0;

  /**
   * `marker`: the number of the running call, 0 for none. `task`: the thread as /proc names it. `onStuck` is called once
   * one call has run for `limitMs`.
   */
  constructor(options: { marker: Int32Array; limitMs: number; task: string | undefined; onStuck: () => void }) {
    this.#marker = options.marker;
    this.#limitMs = options.limitMs;
    this.#task = options.task;
    this.#onStuck = options.onStuck;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#seen = 0;
  }

  #look(): void {
    const now = performance.now();
    const running = Atomics.load(this.#marker, 0);
    if (running === 0 || running !== this.#seen) {
      this.#seen = running;
      this.#since = now;
      this.#cpuAtSince = running === 0 ? undefined : this.#cpuMs();
      this.#ranMs = 0;
    } else {
      this.#ranMs += Math.min(now - this.#lookedAt, MOST_BETWEEN_LOOKS_MS);
      if (this.#isTooLong(now - this.#since)) {
        this.stop();
        this.#onStuck();
      }
    }
    this.#lookedAt = now;
  }

  #isTooLong(waitedMs: number): boolean {
    if (waitedMs < this.#limitMs) return false;
    if (waitedMs > MOST_WAITED * this.#limitMs) return true;
    const cpu = this.#cpuMs();
    const ranMs = cpu === undefined || this.#cpuAtSince === undefined ? this.#ranMs : cpu - this.#cpuAtSince;
    // The kernel counts in its own steps: what it has not told us of yet is forgiven.
    return ranMs >= this.#limitMs - 2 * LOOK_MS;
  }

  /** proc_pid_schedstat(5): the first number is time on the processor, ns. */
  #cpuMs(): number | undefined {
    if (this.#task === undefined) return undefined;
    try {
      return Number.parseInt(readFileSync(`/proc/${this.#task}/schedstat`, 'utf8'), 10) / 1e6;
    } catch {
      return undefined;
    }
  }
}
