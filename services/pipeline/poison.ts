/** Recognising a bug by its stack, and knowing when there are too many of them. */
import { createHash } from 'node:crypto';

/** The same bug gives the same hash: where it was thrown counts, not the message, which may hold data. */
export function stackHash(error: Error): string {
  const all = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  // How deep the loop was in halving says nothing about the bug either.
  const loop = all.findIndex((line) => line.includes('run-stage.ts'));
  const frames = loop < 0 ? all : all.slice(0, loop);
  // Where the program lies on this machine is left out.
  const places = frames.map((frame) => frame.trim().replace(/\(?(file:\/\/)?\/\S*\/(?=[^/]+$)/, ''));
  return createHash('sha256')
    .update(`${error.name}\n${places.join('\n')}`)
    .digest('hex')
    .slice(0, 16);
}

const MINUTE_MS = 60_000;

/**
 * Counts on a monotonic clock: a step of the wall clock is no reason to stop. A stage that stopped and is tried again is
 * allowed one, which is what it takes to pass a single bad record, until it has handled something.
 */
export class PoisonLimit {
  static readonly most = 100;
  #now: () => number;
  #times: number[] = [];
  #probing = false;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get probing(): boolean {
    return this.#probing;
  }

  /** The stage stopped and is tried again (true), or has handled something since (false). */
  probe(probing: boolean): void {
    this.#probing = probing;
    this.#times = [];
  }

  /** Counts one more. True when it makes more than a hundred in the last minute. */
  exceeded(): boolean {
    const now = this.#now();
    this.#times = this.#times.filter((time) => now - time < MINUTE_MS);
    this.#times.push(now);
    return this.#times.length > (this.#probing ? 1 : PoisonLimit.most);
  }
}
