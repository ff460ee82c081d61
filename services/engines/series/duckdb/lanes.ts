/** Connections for questions: a few for quick ones, one for heavy ones, each with a bounded queue and a deadline. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { Unavailable } from '../../../model/errors.ts';

export interface LaneOptions {
  connections: readonly DuckDBConnection[];
  /** How many may wait. */
  queue: number;
  /** How long one may wait and then run, ms each. */
  waitMs: number;
  runMs: number;
}

const HOLD_MS = 5000;

interface Waiting {
  go: (connection: DuckDBConnection) => void;
  stop: () => void;
}

export class Lane {
  #free: DuckDBConnection[];
  #waiting: Waiting[] = [];
  #options: LaneOptions;
  #held = false;
  #release: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#free = [...options.connections];
  }

  /**
   * While held, new questions wait (semantics: Back-pressure, 1). Ends by itself after `HOLD_MS`: whoever holds says so
   * again with each batch, and with the last one nobody would be left to end it.
   */
  hold(held: boolean): void {
    clearTimeout(this.#release);
    this.#held = held;
    if (held) this.#release = setTimeout(() => this.hold(false), HOLD_MS).unref();
    this.#next();
  }

  /** @throws Unavailable when too many wait, the wait was too long, or the answer took too long. */
  async run<T>(question: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#take();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      connection.interrupt();
    }, this.#options.runMs);
    try {
      return await question(connection);
    } catch (cause) {
      if (late) throw new Unavailable(`series: no answer within ${this.#options.runMs} ms`, { cause });
      throw cause;
    } finally {
      clearTimeout(timer);
      this.#free.push(connection);
      this.#next();
      if (this.#free.length === this.#options.connections.length) this.#idle?.();
    }
  }

  #take(): Promise<DuckDBConnection> {
    const free = this.#held ? undefined : this.#free.pop();
    if (free) return Promise.resolve(free);
    if (this.#waiting.length >= this.#options.queue)
      return Promise.reject(new Unavailable('series: too many questions are waiting'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(new Unavailable(`series: waited ${this.#options.waitMs} ms for others`));
      }, this.#options.waitMs);
      const entry: Waiting = {
        go: (connection) => {
          clearTimeout(timer);
          resolve(connection);
        },
        stop: () => {
          clearTimeout(timer);
          reject(new Unavailable('series: closing'));
        },
      };
      this.#waiting.push(entry);
    });
  }

  #next(): void {
    while (!this.#held && this.#free.length > 0 && this.#waiting.length > 0)
      this.#waiting.shift()!.go(this.#free.pop()!); // both are there
  }

  /** Turns away who waits, ends what runs, and closes the connections. */
  async close(): Promise<void> {
    clearTimeout(this.#release);
    for (const waiting of this.#waiting.splice(0)) waiting.stop();
    const { connections } = this.#options;
    if (this.#free.length < connections.length) {
      const idle = new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
      for (const connection of connections) connection.interrupt();
      await idle;
    }
    this.#free = [];
    for (const connection of connections) connection.closeSync();
  }
}
