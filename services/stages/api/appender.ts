/** Appends what people did (`acts`) and ordered (`orders`) to the log: one commit at a time, what waits goes together. */
import type { Act } from '../../model/alert.ts';
import { Unavailable } from '../../model/errors.ts';
import { jsonBlock } from '../../model/json-block.ts';
import type { Log } from '../../model/log.ts';
import type { Order } from '../../model/order.ts';

interface Waiting {
  stream: 'acts' | 'orders';
  record: Act | Order;
  /** Written to the state in the same commit, so that it is known to be there. */
  id: string | undefined;
  done: (error?: unknown) => void;
}

/** Before the ids of orders that came with one, in the state of the stage `api`. */
export const ORDERED = 'ordered/';
const MOST_WAITING = 20_000;
const MOST_AT_ONCE = 1000;

export class Appender {
  #log: Log;
  #now: () => number;
  #waiting: Waiting[] = [];
  #running = false;
  #lastAt: number | undefined;
  #forgotten: string[] = [];

  constructor({ log, now }: { log: Log; now: () => number }) {
    this.#log = log;
    this.#now = now;
  }

  /** Resolves when the record is on disk. @throws Unavailable when too much waits; LogFailed as the log does. */
  append(stream: 'acts', record: Act): Promise<void>;
  append(stream: 'orders', record: Order, id?: string): Promise<void>;
  append(stream: 'acts' | 'orders', record: Act | Order, id?: string): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING)
      return Promise.reject(new Unavailable(`append to ${stream}: ${MOST_WAITING} records wait already`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stream, record, id, done: (error) => (error ? reject(error) : resolve()) });
      if (!this.#running) void this.#run();
    });
  }

  /** Keys of the state that the next commit may delete. */
  forget(keys: readonly string[]): void {
    this.#forgotten.push(...keys);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.#commit(group);
        for (const { done } of group) done();
      } catch (error) {
        for (const { done } of group) done(error);
      }
    }
    this.#running = false;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    this.#lastAt ??= Math.max(await this.#newestAt('acts'), await this.#newestAt('orders'));
    // Receipt times never go backwards within a stream, whatever the wall clock does.
    this.#lastAt = Math.max(this.#now(), this.#lastAt);
    const at = this.#lastAt;
    const outputs = (['acts', 'orders'] as const).flatMap((stream) => {
      const records = group.filter((w) => w.stream === stream).map((w) => w.record);
      return records.length > 0 ? [jsonBlock(stream, at, records)] : [];
    });
    const forgotten = this.#forgotten.splice(0);
    const state = new Map<string, Uint8Array | undefined>(forgotten.map((key) => [key, undefined]));
    for (const { id } of group) if (id !== undefined) state.set(ORDERED + id, new Uint8Array(1));
    try {
      await this.#log.commit({ stage: 'api', partition: 0, upTo: {}, outputs, state });
    } catch (error) {
      this.#forgotten.push(...forgotten);
      throw error;
    }
  }

  async #newestAt(stream: 'acts' | 'orders'): Promise<number> {
    const end = await this.#log.end(stream);
    const last = end.offset > 0 ? await this.#log.seek(stream, end.offset - 1) : undefined;
    if (!last) return 0;
    const blocks = await this.#log.read(stream, last, 1);
    return blocks.at(-1)?.at ?? 0;
  }
}
