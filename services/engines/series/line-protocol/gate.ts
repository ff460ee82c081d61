/** Questions at once, bounded: a few run, some wait for a while, the rest is turned away. */
import { Unavailable } from '../../../model/errors.ts';

export interface GateOptions {
  atOnce: number;
  /** How many may wait, and how long, ms. */
  waiting: number;
  waitMs: number;
  /** Longest answer, ms. */
  runMs: number;
  signal: AbortSignal;
}

const HOLD_MS = 5000;

export class Gate {
  #options: GateOptions;
  #running = 0;
  #waiting: (() => void)[] = [];
  #held = false;
  #release: NodeJS.Timeout | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** While held, new questions wait (semantics: Back-pressure, 1). Ends by itself unless it is said again. */
  hold(held: boolean): void {
    clearTimeout(this.#release);
    this.#held = held;
    if (held) this.#release = setTimeout(() => this.hold(false), HOLD_MS).unref();
    this.#next();
  }

  /** @throws Unavailable when too many wait, the wait or the answer took too long, or the engine closes. */
  async run<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> {
    await this.#enter();
    const { runMs, signal } = this.#options;
    const late = AbortSignal.timeout(runMs);
    try {
      return await question(AbortSignal.any([signal, late]));
    } catch (cause) {
      if (late.aborted) throw new Unavailable(`series: no answer within ${runMs} ms`, { cause });
      throw cause;
    } finally {
      this.#running--;
      this.#next();
    }
  }

  close(): void {
    clearTimeout(this.#release);
  }

  #enter(): Promise<void> {
    const { atOnce, waiting, waitMs, signal } = this.#options;
    if (signal.aborted) return Promise.reject(new Unavailable('series: closed'));
    if (!this.#held && this.#running < atOnce) {
      this.#running++;
      return Promise.resolve();
    }
    if (this.#waiting.length >= waiting)
      return Promise.reject(new Unavailable('series: too many questions are waiting'));
    return new Promise((resolve, reject) => {
      const leave = (why: string): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', closing);
        this.#waiting = this.#waiting.filter((entry) => entry !== go);
        reject(new Unavailable(why));
      };
      const closing = (): void => leave('series: closing');
      const timer = setTimeout(() => leave(`series: waited ${waitMs} ms for others`), waitMs);
      const go = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', closing);
        this.#running++;
        resolve();
      };
      signal.addEventListener('abort', closing);
      this.#waiting.push(go);
    });
  }

  #next(): void {
    while (!this.#held && this.#running < this.#options.atOnce && this.#waiting.length > 0) this.#waiting.shift()!(); // there is one
  }
}
