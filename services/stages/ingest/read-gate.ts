/**
 * Whose bytes go on now: the one place that may stop reading from sockets; semantics: Back-pressure.
 *
 *  open     everybody, until more waits to be durable than the limit; then in turns, as in `fair`
 *  fair     one chunk of each organisation a round, a round a commit: a noisy one waits for itself
 *  closed   nobody
 */

/** A connection that holds back bytes it has read. */
export interface Waiting {
  readonly organisation: string;
  /** Lets what it holds go on; at most one chunk. Gives the number of bytes. */
  release(): number;
}

export type GateMode = 'open' | 'fair' | 'closed';

export class ReadGate {
  #mode: GateMode = 'open';
  #limit: number;
  #waitingBytes: () => number;
  #queues = new Map<string, Waiting[]>();
  #size = 0;
  #watching = false;

  constructor(options: { limit: number; waitingBytes(): number }) {
    this.#limit = options.limit;
    this.#waitingBytes = () => options.waitingBytes();
  }

  get mode(): GateMode {
    return this.#mode;
  }

  /** Connections waiting for their turn. */
  get size(): number {
    return this.#size;
  }

  setMode(mode: GateMode): void {
    this.#mode = mode;
    this.turn();
  }

  /** True: go on. False: hold the bytes and stop reading, `release` will be called. */
  enter(connection: Waiting): boolean {
    if (this.#mode === 'open' && this.#size === 0 && this.#waitingBytes() < this.#limit) return true;
    const queue = this.#queues.get(connection.organisation);
    if (queue) queue.push(connection);
    else this.#queues.set(connection.organisation, [connection]);
    this.#size++;
    this.#watch();
    return false;
  }

  /** Forgets a connection that is gone. */
  leave(connection: Waiting): void {
    const queue = this.#queues.get(connection.organisation);
    const at = queue?.indexOf(connection) ?? -1;
    if (!queue || at < 0) return;
    queue.splice(at, 1);
    this.#size--;
    if (queue.length === 0) this.#queues.delete(connection.organisation);
  }

  /** The next round, or as many as there is room for. Called after every commit. */
  turn(): void {
    if (this.#mode === 'closed') return;
    let room = this.#limit - this.#waitingBytes();
    const rounds = this.#mode === 'fair' ? 1 : Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds && this.#size > 0 && room > 0; round++) room -= this.#round();
    this.#watch();
  }

  // A round may bring nothing to commit (pings), and then no commit starts the next one.
  #watch(): void {
    if (this.#watching || this.#size === 0 || this.#mode === 'closed') return;
    this.#watching = true;
    setImmediate(() => {
      this.#watching = false;
      if (this.#waitingBytes() === 0) this.turn();
    });
  }

  /** One connection of each organisation. */
  #round(): number {
    let bytes = 0;
    for (const [organisation, queue] of [...this.#queues]) {
      const connection = queue.shift();
      if (queue.length === 0) this.#queues.delete(organisation);
      if (!connection) continue;
      this.#size--;
      bytes += connection.release();
    }
    return bytes;
  }
}
