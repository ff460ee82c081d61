/** The way to the server that both engines share: changes one after the other, questions a few at once, all after the check. */
import { Unavailable } from '../../../model/errors.ts';
import { CaughtUp } from './batch-writer.ts';
import { Gate } from './gate.ts';
import { queue } from './queue.ts';
import type { ServerWatch, Side } from './server-watch.ts';

/** The server is there and does not answer this one question, because it is too large for it, say. */
export class Unanswerable extends Unavailable {}

export interface ServerAccessParts {
  /** Resolves once the server has shown that it is the right one. */
  ready: () => Promise<void>;
  watch: ServerWatch;
  /** Ends all requests. */
  abort: AbortController;
  /** Longest wait of a question for others, and longest answer, ms. */
  waitMs: number;
  runMs: number;
  /** The process is about to end. */
  stopping?: AbortSignal | undefined;
}

// So many series at most are a quick question.
const QUICK_SERIES = 20;
// Semantics: Back-pressure, 1.
const BEHIND_LIMIT = 10_000;
const PING_MS = 3000;
// A server that is well finishes the batch in hand; for one that is away the end of the process does not wait, and the next
// start sends the batch again.
const GRACE_MS = 400;

export class ServerAccess {
  readonly exclusive = queue();
  #parts: ServerAccessParts;
  #quick: Gate;
  #heavy: Gate;

  constructor(parts: ServerAccessParts) {
    this.#parts = parts;
    const { abort, waitMs, runMs, stopping } = parts;
    const bounds = { waitMs, runMs, signal: abort.signal };
    this.#quick = new Gate({ ...bounds, atOnce: 4, waiting: 200 });
    this.#heavy = new Gate({ ...bounds, atOnce: 1, waiting: 20 });
    stopping?.addEventListener('abort', () => setTimeout(() => abort.abort(), GRACE_MS).unref(), { once: true });
  }

  get ended(): boolean {
    return this.#parts.abort.signal.aborted;
  }

  /** Runs a change after those before it. @throws Unavailable while the server does not answer. */
  change(change: () => Promise<void>): Promise<void> {
    return this.#watched('writing', () => this.exclusive(() => this.#parts.ready().then(change)));
  }

  /** `series`: how many it is about. @throws Unavailable when others take too long, or the server. */
  ask<T>(series: number, question: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const gate = series > QUICK_SERIES ? this.#heavy : this.#quick;
    return gate.run((signal) =>
      this.#watched('asking', () => this.#parts.ready().then(() => question(signal)), signal),
    );
  }

  /** Looks whether the server is there, for when nobody writes or asks. @throws Unavailable */
  probe(ping: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const signal = AbortSignal.any([this.#parts.abort.signal, AbortSignal.timeout(PING_MS)]);
    return this.#watched('asking', async () => {
      await this.#parts.ready();
      await ping(signal);
    });
  }

  /** Told how old the oldest value is that is not stored yet, ms. */
  behind(ms: number): void {
    this.#heavy.hold(ms > BEHIND_LIMIT);
  }

  /** Ends everything under way; nothing is taken any more. */
  end(): void {
    this.#parts.abort.abort();
    this.#quick.close();
    this.#heavy.close();
  }

  async #watched<T>(side: Side, work: () => Promise<T>, signal = this.#parts.abort.signal): Promise<T> {
    if (this.ended) throw new Unavailable('series: closed');
    const { watch } = this.#parts;
    try {
      const result = await work();
      watch.well(side);
      return result;
    } catch (error) {
      if (error instanceof CaughtUp || error instanceof Unanswerable) watch.well(side);
      // What we ended ourselves says nothing of the server.
      else if (error instanceof Unavailable && !signal.aborted) watch.failed(side, error);
      throw error;
    }
  }
}
