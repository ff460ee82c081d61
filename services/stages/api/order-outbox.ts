/**
 * Orders that follow from a change: the registry keeps each in the transaction of its change, and from there it goes to
 * the log, once, whatever crashes between the two.
 *
 *   registry: change + order ──▶ log: order + `ordered/ID` in the api's state ──▶ registry: done ──▶ next commit: forget ID
 */
import type { Log } from '../../model/log.ts';
import type { Registry } from '../../model/registry.ts';
import type { Ops } from '../../ops/ops.ts';
import { type Appender, ORDERED } from './appender.ts';

const AT_ONCE = 100;
const AGAIN_MS = 5000;
const ALERT = 'orders-waiting';

export interface OrderOutboxParts {
  registry: Pick<Registry, 'orders'>;
  log: Pick<Log, 'state'>;
  appender: Appender;
  ops: Ops;
  /** How long after a failure it is tried again. */
  againMs?: number;
}

export class OrderOutbox {
  #parts: OrderOutboxParts;
  #running: Promise<void> = Promise.resolve();
  #again: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: OrderOutboxParts) {
    this.#parts = parts;
  }

  /**
   * Gives the log what waits; resolves when it has it. A failure is a platform alert and is tried again: the order is
   * safe where it is, so nobody has to wait for it.
   */
  drain(): Promise<void> {
    this.#running = this.#running.then(() => this.#drain());
    return this.#running;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#again);
  }

  async #drain(): Promise<void> {
    if (this.#stopped) return;
    clearTimeout(this.#again);
    const { ops, againMs = AGAIN_MS } = this.#parts;
    try {
      while ((await this.#round()) === AT_ONCE);
      ops.alerts.clear(ALERT);
    } catch (error) {
      ops.alerts.raise(
        ALERT,
        `orders wait to be written to the log: ${error instanceof Error ? error.message : error}`,
      );
      this.#again = setTimeout(() => void this.drain(), againMs).unref();
    }
  }

  async #round(): Promise<number> {
    const { registry, log, appender } = this.#parts;
    const pending = await registry.orders.list(AT_ONCE);
    if (pending.length === 0) return 0;
    const given = await log.state('api', 0, ORDERED);
    await Promise.all(
      pending.filter(({ id }) => !given.has(ORDERED + id)).map(({ id, order }) => appender.append('orders', order, id)),
    );
    await registry.orders.done(pending.map(({ id }) => id));
    // What is done cannot come again; what a process left that ended here is among what was there.
    appender.forget([...given.keys(), ...pending.map(({ id }) => ORDERED + id)]);
    return pending.length;
  }
}
