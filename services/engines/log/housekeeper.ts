/**
 * Keeps the folder of the log in order, in one thread of the process: has older generations examined after a crash, carries
 * positions and state forward, and removes generations that are both handled and too old.
 */
import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STREAM_NAMES } from '../../model/streams.ts';
import { oldestNeeded, slowest } from './backlog.ts';
import { sealNumbers, TYPE, unseal } from './envelope.ts';
import { type Entry, type Generation, NotTrusted } from './generation.ts';
import { baseKey, CARRIED } from './keys.ts';
import type { LmdbLog, Reports } from './lmdb-log.ts';
import { CARRIED_THROUGH } from './reader.ts';
import type { Recovery } from './recovery.ts';

export interface HousekeeperOptions {
  log: LmdbLog;
  recovery: Recovery;
  logger: Reports;
  /** A generation is removed once it was sealed so long ago, or all together are larger than this. */
  retentionMs: number;
  maxBytes: number;
}

const EVERY_MS = 1000;
const STEP_BYTES = 1024 * 1024;

export class Housekeeper {
  #options: HousekeeperOptions;
  #timer: NodeJS.Timeout;
  #working: Promise<void> = Promise.resolve();
  #wanted = new Set<number>();
  #stopped = false;

  constructor(options: HousekeeperOptions) {
    this.#options = options;
    options.log.wake.onWanted = (generation) => {
      this.#wanted.add(generation);
      void this.work();
    };
    this.#timer = setInterval(() => void this.work(), EVERY_MS);
    this.#timer.unref();
  }

  /** One round, after the one that may be under way. Never rejects: what fails is logged and tried again. */
  work(): Promise<void> {
    this.#working = this.#working.then(() => (this.#stopped ? undefined : this.#round()));
    return this.#working;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#options.log.wake.onWanted = undefined;
    await this.#working;
  }

  async #round(): Promise<void> {
    try {
      await this.#examine();
      await this.#carry();
      this.#retain();
    } catch (error) {
      // Not examined yet: there is another round in a second.
      if (!(error instanceof NotTrusted)) this.#options.logger.error({ err: error }, 'log: housekeeping failed');
    }
  }

  /** Generations somebody waits for, and unasked those that hold something not handled yet, newest first. */
  async #examine(): Promise<void> {
    const { log, recovery } = this.#options;
    for (let number = this.#next(); number !== undefined && !this.#stopped; number = this.#next()) {
      await recovery.verify(number);
      this.#wanted.delete(number);
      log.wake.changed();
    }
  }

  #next(): number | undefined {
    const { generations, reader } = this.#options.log;
    const [wanted] = this.#wanted;
    if (wanted !== undefined) return wanted;
    reader.refresh();
    try {
      const { index, certain } = oldestNeeded(generations.list, slowest(reader));
      return certain ? reader.carriers().find((g) => !g.trusted)?.number : generations.list[index]?.number;
    } catch (error) {
      if (error instanceof NotTrusted) return error.generation.number;
      throw error;
    }
  }

  /**
   * Copies into the newest generation what positions, state and ends of streams say in a sealed one and nowhere newer. So a
   * start looks in few generations, and an old one may go. In order, oldest first: then a deleted key needs no copy.
   */
  async #carry(): Promise<void> {
    const { generations, reader } = this.#options.log;
    reader.refresh();
    const newest = generations.newest;
    for (const g of reader.carriers()) {
      if (g === newest || this.#stopped) return;
      // A crash may have come between the next generation and the seal of this one.
      if (g.sealed === undefined) await g.seal(Date.now());
      const newer = generations.list.filter((other) => other.number > g.number);
      const has = (key: Buffer) => newer.some((other) => other.get(key) !== undefined);
      if (!(await this.#copy(g, newest, has))) return;
      const bases = STREAM_NAMES.filter((stream) => newer.every((n) => n.startSeq(stream) === undefined)).map(
        (stream): Entry => {
          const { seq, offset, at } = reader.end(stream);
          return [baseKey(stream), sealNumbers(seq, offset, at)];
        },
      );
      const puts: Entry[] = [[CARRIED_THROUGH, sealNumbers(g.number)]];
      if (!(await newest.write({ fresh: bases, puts, lenient: true }))) return;
      reader.refresh();
    }
  }

  /** In steps, so that the writers of the log need not wait long. False when the newest was sealed meanwhile. */
  async #copy(g: Generation, newest: Generation, has: (key: Buffer) => boolean): Promise<boolean> {
    let step: Entry[] = [];
    let bytes = 0;
    // Gathered first: a range must not be read across turns of the event loop.
    const keys = [...g.keys(CARRIED.start, CARRIED.end)].map((key) => Buffer.from(key));
    for (const key of keys) {
      const value = g.get(key);
      if (!value || has(key) || unseal(value).type === TYPE.tombstone) continue;
      step.push([key, value]);
      bytes += value.byteLength;
      if (bytes < STEP_BYTES) continue;
      if (!(await newest.write({ fresh: step, lenient: true }))) return false;
      step = [];
      bytes = 0;
    }
    return await newest.write({ fresh: step, lenient: true });
  }

  #retain(): void {
    const { log, logger, retentionMs, maxBytes } = this.#options;
    const { generations, reader } = log;
    reader.refresh();
    const { index, certain } = oldestNeeded(generations.list, slowest(reader));
    if (!certain) return;
    let bytes = generations.list.reduce((sum, g) => sum + g.bytes, 0);
    const carried = reader.carriedThrough();
    for (const g of generations.list.slice(0, index)) {
      if (g.number > carried || (Date.now() - g.written <= retentionMs && bytes <= maxBytes)) return;
      bytes -= g.bytes;
      const removed = join(dirname(g.dir), `removed-${g.number}`);
      renameSync(g.dir, removed);
      log.wake.changed();
      rmSync(removed, { recursive: true });
      logger.info({ generation: g.number }, 'log: a generation was removed');
    }
  }
}
