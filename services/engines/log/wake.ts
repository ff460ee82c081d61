/** Tells every thread of the process that a stream grew: coalesced messages, and a slow poll in case one is lost. */
import { BroadcastChannel } from 'node:worker_threads';

/** What threads tell each other: something was written, the folder changed, or a generation must be checked (its number). */
const WRITTEN = 0;
const CHANGED = -1;

/** At most one message in so many ms: under load readers are busy anyway and find the blocks by themselves. */
const COALESCE_MS = 2;
/** A lost message delays a reader by this much, never for ever. */
const POLL_MS = 100;

interface Waiter {
  check(): void;
}

export class Wake {
  #channel: BroadcastChannel;
  #onChange: () => void;
  #waiters = new Set<Waiter>();
  #posted = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { name: string; onChange: () => void }) {
    this.#onChange = options.onChange;
    this.#channel = new BroadcastChannel(options.name);
    this.#channel.onmessage = (event) => this.#hear((event as { data: number }).data);
    this.#channel.unref();
  }

  /** Set by the housekeeper: somebody waits for the check of this generation. */
  onWanted: ((generation: number) => void) | undefined;

  want(generation: number): void {
    this.onWanted?.(generation);
    this.#channel.postMessage(generation);
  }

  /** Generations were removed, replaced or checked. */
  changed(): void {
    this.#channel.postMessage(CHANGED);
    this.#hear(CHANGED);
  }

  /** Something was written. Readers of this thread look at once, those of others within a few ms. */
  notify(): void {
    this.#checkAll();
    if (this.#timer) return;
    const wait = this.#posted + COALESCE_MS - performance.now();
    if (wait <= 0) this.#post();
    else this.#timer = setTimeout(() => this.#post(), wait);
  }

  /** Resolves true as soon as `ready()` does, false after `ms` or when `signal` fires. Rejects with what `ready` throws. */
  async until(ready: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
    if (ready()) return true;
    if (signal.aborted || ms <= 0) return false;
    return await new Promise<boolean>((resolve, reject) => {
      const waiter: Waiter = {
        check: () => {
          try {
            if (ready()) settle(true);
          } catch (error) {
            stop();
            reject(error);
          }
        },
      };
      const poll = setInterval(waiter.check, POLL_MS);
      const deadline = setTimeout(() => settle(false), ms);
      const abort = () => settle(false);
      const stop = () => {
        clearInterval(poll);
        clearTimeout(deadline);
        signal.removeEventListener('abort', abort);
        this.#waiters.delete(waiter);
      };
      const settle = (found: boolean) => {
        stop();
        resolve(found);
      };
      signal.addEventListener('abort', abort);
      this.#waiters.add(waiter);
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#channel.close();
  }

  #post(): void {
    this.#timer = undefined;
    this.#posted = performance.now();
    this.#channel.postMessage(WRITTEN);
  }

  #hear(message: number): void {
    if (message > 0) {
      this.onWanted?.(message);
      return;
    }
    if (message === CHANGED) this.#onChange();
    this.#checkAll();
  }

  #checkAll(): void {
    for (const waiter of [...this.#waiters]) waiter.check();
  }
}
