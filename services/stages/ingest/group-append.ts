/**
 * The one writer of `uplinks`: collects what all doors accept into groups and makes each durable with one commit.
 *
 *     append ───┐                 ┌─ commit (one at a time, synced) ─▶ callbacks of the group: acks leave
 *     remember ─┼─▶ group filling ┤
 *     tick ─────┘                 └─ meanwhile the next group fills
 *
 * So the cost of a sync is shared by everything that arrived during the one before. On a quick disk that would be a thousand
 * syncs a second of some messages each, and LMDB writes a dozen pages for each: commits begin PACE_MS apart at least, and
 * whoever comes alone does not wait.
 * Callbacks, not promises: at a hundred thousand messages a second each promise counts.
 */
import type { NewBlock } from '../../model/block.ts';
import { Unavailable } from '../../model/errors.ts';
import type { Log } from '../../model/log.ts';
import { type Door, type Uplink, UplinkWriter } from '../../model/uplink.ts';
import type { ReceiptClock } from '../../pipeline/clock.ts';
import { type AcceptedCounts, INGEST } from './accepted.ts';

/** Called once: with an error and nothing durable, or with the offset of the uplink. */
export type Appended = (error: Error | null, offset: number) => void;

export interface Committed {
  records: number;
  /** The records by door. */
  doors: Readonly<Record<Door, number>>;
  ms: number;
}

export interface GroupAppendOptions {
  log: Log;
  clock: Pick<ReceiptClock, 'now'>;
  counts: AcceptedCounts;
  /** After every commit, before its callbacks. */
  committed(commit: Committed): void;
  /** The log failed for good: every append fails from now on, and the process must end. */
  failed(error: Error): void;
}

/** Measured at 5,000 messages a second: docs/decisions/009. */
const PACE_MS = 3;

/** What goes into one commit. `callbacks[i]` waits for record i of the group, `waiters` for all of it. */
class Group {
  readonly writer = new UplinkWriter(256 * 1024);
  callbacks: Appended[] = [];
  waiters: ((error: Error | null) => void)[] = [];
  state = new Map<string, Uint8Array | undefined>();
  doors: Record<Door, number> = { mqtt: 0, http: 0, lorawan: 0 };
  tick = false;

  reset(): void {
    this.writer.reset();
    this.callbacks = [];
    this.waiters = [];
    this.state = new Map();
    this.doors = { mqtt: 0, http: 0, lorawan: 0 };
    this.tick = false;
  }
}

export class GroupAppend {
  #options: GroupAppendOptions;
  #clock: Pick<ReceiptClock, 'now'>;
  #counts: AcceptedCounts;
  // Two groups take turns, so that their buffers are allocated once.
  #filling = new Group();
  #spare = new Group();
  #committingBytes = 0;
  #commitStarted: number | undefined;
  #lastStarted = 0;
  #scheduled = false;
  #lastAt = 0;
  #failed: Error | undefined;
  #settled: (() => void)[] = [];

  constructor(options: GroupAppendOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#counts = options.counts;
  }

  /** Bytes accepted and not yet durable: what back-pressure looks at. */
  get waitingBytes(): number {
    return this.#committingBytes + this.#filling.writer.byteLength;
  }

  /** How long the commit under way has taken, ms; 0 when there is none. */
  get commitAge(): number {
    return this.#commitStarted === undefined ? 0 : performance.now() - this.#commitStarted;
  }

  /** Copies the uplink at once, so the caller may reuse the object. Its receipt time is given here, in order. */
  append(uplink: Uplink, done: Appended): void {
    if (this.#failed) {
      done(this.#failed, -1);
      return;
    }
    uplink.receivedAt = this.#now();
    this.#filling.writer.push(uplink);
    this.#counts.add(uplink.owner);
    this.#filling.doors[uplink.door]++;
    this.#filling.callbacks.push(done);
    if (!this.#scheduled) this.#schedule();
  }

  /** Calls back once everything appended and remembered so far is durable. */
  barrier(done: (error: Error | null) => void): void {
    if (this.#failed) {
      done(this.#failed);
      return;
    }
    this.#filling.waiters.push(done);
    this.#schedule();
  }

  /** A change of what ingest remembers, durable together with the group being filled. */
  remember(key: string, value: Uint8Array | undefined): void {
    this.#filling.state.set(key, value);
    this.#schedule();
  }

  /** A block without records, so that readers know that time has passed and that we were here. */
  tick(): void {
    this.#filling.tick = true;
    this.#schedule();
  }

  /** Resolves when nothing waits to be committed. */
  settled(): Promise<void> {
    if (this.#commitStarted === undefined && !this.#scheduled) return Promise.resolve();
    return new Promise((resolve) => this.#settled.push(resolve));
  }

  #now(): number {
    const now = this.#clock.now();
    if (now > this.#lastAt) this.#lastAt = now;
    return this.#lastAt;
  }

  #schedule(): void {
    if (this.#scheduled || this.#failed) return;
    this.#scheduled = true;
    if (this.#commitStarted === undefined) this.#next();
  }

  #next(): void {
    const wait = this.#lastStarted + PACE_MS - performance.now();
    if (wait > 0) setTimeout(() => void this.#commit(), wait);
    // At the end of this turn of the event loop, so that one group takes what all sockets brought.
    else setImmediate(() => void this.#commit());
  }

  async #commit(): Promise<void> {
    const group = this.#filling;
    this.#filling = this.#spare;
    this.#spare = group;
    this.#scheduled = false;
    const { count: records, byteLength } = group.writer;
    const started = performance.now();
    this.#committingBytes = byteLength;
    this.#commitStarted = started;
    this.#lastStarted = started;
    const state = new Map(group.state);
    const counted = this.#counts.take(state);
    let first = 0;
    let failure: Error | null = null;
    try {
      const outputs = this.#blocks(group);
      [first = 0] = await this.#options.log.commit({ stage: INGEST, partition: 0, upTo: {}, outputs, state });
      counted();
    } catch (cause) {
      failure = this.#fail(cause, group);
    }
    this.#committingBytes = 0;
    this.#commitStarted = undefined;
    const { callbacks, waiters, doors } = group;
    group.reset();
    // The disk works while acks are written.
    if (this.#scheduled) {
      if (performance.now() - started >= PACE_MS) void this.#commit();
      else this.#next();
    }
    if (!failure) this.#options.committed({ records, doors, ms: performance.now() - started });
    settle(callbacks, waiters, failure, first);
    if (this.#failed) this.#giveUp(this.#failed);
    if (this.#commitStarted === undefined && !this.#scheduled) {
      for (const resolve of this.#settled.splice(0)) resolve();
    }
  }

  #blocks({ writer, tick }: Group): NewBlock[] {
    const blocks: NewBlock[] = [];
    if (writer.count > 0)
      blocks.push({ stream: 'uplinks', at: this.#lastAt, count: writer.count, body: writer.view() });
    if (tick) blocks.push({ stream: 'uplinks', at: this.#now(), count: 0, body: new Uint8Array(0) });
    return blocks;
  }

  #fail(cause: unknown, group: Group): Error {
    const error = new Unavailable('ingest: unable to append to the log', { cause });
    if (cause instanceof Unavailable) {
      // The log will be back: what was to be remembered goes with the next group. The uplinks are the senders' to repeat.
      for (const [key, value] of group.state) {
        if (!this.#filling.state.has(key)) this.#filling.state.set(key, value);
      }
    } else {
      this.#failed = error;
      this.#scheduled = false;
    }
    return error;
  }

  /** Nothing of what waits can become durable any more. */
  #giveUp(error: Error): void {
    const { callbacks, waiters } = this.#filling;
    this.#filling.reset();
    settle(callbacks, waiters, error, 0);
    this.#options.failed(error);
  }
}

function settle(
  callbacks: readonly Appended[],
  waiters: readonly ((error: Error | null) => void)[],
  error: Error | null,
  first: number,
): void {
  const thrown: unknown[] = [];
  for (let i = 0; i < callbacks.length; i++) {
    try {
      callbacks[i]!(error, error ? -1 : first + i); // i is within the list
    } catch (bug) {
      thrown.push(bug); // the others of the group are durable too and must hear of it
    }
  }
  for (const done of waiters) done(error);
  if (thrown.length > 0) throw new AggregateError(thrown, 'ingest: acknowledging a group failed');
}
