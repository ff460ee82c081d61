/**
 * The log on LMDB, in generations. Every thread of the process opens the same folder; streams have one writer each and
 * stages one place, so threads share nothing but LMDB's own locks and a wake-up message.
 *
 *   dir/g-00000007/   sealed: blocks, positions, state          blocks are read from old to new, by seq
 *   dir/g-00000008/   the newest: all threads write here        positions and state are looked for from new to old
 *
 * A stream has one writer, so its blocks stay in order across the seam (see writer.ts); a position has one owner, so the
 * newest wins.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { type Block, encodeBlock } from '../../model/block.ts';
import { Unavailable } from '../../model/errors.ts';
import type { Commit, Log, LogStats, Position } from '../../model/log.ts';
import type { Stream } from '../../model/streams.ts';
import { backlogBytes } from './backlog.ts';
import { CommitTimes } from './commit-times.ts';
import { sealNumbers, seal as sealValue, TOMBSTONE, TYPE } from './envelope.ts';
import { type Entry, type Generation, isFromLmdb, NotTrusted } from './generation.ts';
import { Generations } from './generations.ts';
import { blockKey, positionKey, stateKey } from './keys.ts';
import { type End, Reader } from './reader.ts';
import { Wake } from './wake.ts';
import { Writer } from './writer.ts';

/** The part of the logger an engine needs. */
export interface Reports {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface LmdbLogOptions {
  dir: string;
  logger: Reports;
  /** A generation is left for the next one when it reaches so many bytes, or is a day old. */
  generationBytes?: number;
}

export const GENERATION_BYTES = 256 * 1024 * 1024;
/** A check of a generation takes a second; one that takes this long will not come. */
const TRUST_DEADLINE_MS = 60_000;
/** The housekeeper may not have been listening yet. */
const ASK_AGAIN_MS = 1000;
const CLOCK_STEP_MS = 5000;
/** A sealed generation that no reader has needed for so long is closed until one does. */
const IDLE_MS = 5000;

export class LmdbLog implements Log {
  readonly generations: Generations;
  readonly reader: Reader;
  readonly wake: Wake;
  #dir: string;
  #logger: Reports;
  #writer: Writer;
  #times = new CommitTimes();
  #standing = new Map<Stream, Promise<Standing> | Standing>();
  #closed = false;
  #resting: NodeJS.Timeout;
  #beforeClose: (() => Promise<void>) | undefined;
  #afterClose: (() => void) | undefined;
  #corrupt = new Set<string>();

  constructor({ dir, logger, generationBytes = GENERATION_BYTES }: LmdbLogOptions) {
    mkdirSync(dir, { recursive: true });
    this.#dir = realpathSync(dir);
    this.#logger = logger;
    this.generations = new Generations({ dir: this.#dir, generationBytes });
    this.#writer = new Writer({ generations: this.generations, generationBytes });
    this.reader = new Reader({
      generations: this.generations,
      onCorrupt: (where, error) => this.#reportCorrupt(where, error),
    });
    this.wake = new Wake({
      name: `sansevaerk-log:${this.#dir}`,
      onChange: () => this.generations.reload(),
    });
    this.#resting = setInterval(() => {
      this.generations.rest(IDLE_MS).catch((error: unknown) => {
        this.#logger.error({ err: error }, 'log: a generation could not be closed');
      });
    }, IDLE_MS).unref();
  }

  /** Waits for the housekeeper's word where the process before crashed. */
  async start(): Promise<void> {
    while (!this.generations.newest.trusted) await this.#trusted(this.generations.newest);
    await this.#writer.start();
  }

  async commit(commit: Commit): Promise<number[]> {
    const started = performance.now();
    this.#assertUsable();
    const puts = small(commit);
    const fresh: Entry[] = [];
    let { outputs } = commit;
    if (outputs.some(({ stream }) => !(this.#standing.get(stream) instanceof Standing))) {
      // The bytes are the caller's again as soon as we wait.
      outputs = outputs.map((output) => ({ ...output, body: Uint8Array.from(output.body) }));
      for (const { stream } of outputs) await this.#stand(stream);
      this.#assertUsable();
    }
    // From here on nothing is awaited until the writer has it: blocks are issued in the order of their seqs.
    const offsets = outputs.map((output) => {
      const end = this.#standing.get(output.stream) as Standing; // awaited above
      const at = this.#notBefore(end.at, output.at, output.stream);
      fresh.push([blockKey(output.stream, end.seq), encodeBlock({ ...output, at }, end.offset)]);
      return end.advance(output.count, at);
    });
    await this.#writer.write({ fresh, puts });
    this.#times.add(performance.now() - started);
    this.wake.notify();
    return offsets;
  }

  async read(stream: Stream, from: Position, maxBytes: number): Promise<Block[]> {
    return await this.#reading(() => {
      const blocks: Block[] = [];
      let bytes = 0;
      let seq = from.seq;
      while (blocks.length === 0 || bytes < maxBytes) {
        const block = this.reader.next(stream, seq);
        if (!block) break;
        blocks.push(block);
        bytes += block.body.byteLength;
        seq = block.seq + 1;
      }
      return blocks;
    });
  }

  async end(stream: Stream): Promise<Position> {
    return await this.#reading(() => {
      const { seq, offset } = this.reader.end(stream);
      return { seq, offset };
    });
  }

  async begin(stream: Stream): Promise<Position> {
    return await this.#reading(() => this.reader.begin(stream));
  }

  async seek(stream: Stream, offset: number): Promise<Position | undefined> {
    return await this.#reading(() => this.reader.seek(stream, offset));
  }

  async wait(stream: Stream, from: Position, ms: number, signal: AbortSignal): Promise<boolean> {
    const ready = () => {
      if (this.#closed) throw new Error('log: closed');
      this.reader.refresh();
      try {
        return this.reader.has(stream, from.seq);
      } catch (error) {
        // There is something, or nobody can tell: read() waits for its check, or says what is wrong.
        if (error instanceof NotTrusted || isFromLmdb(error)) return true;
        throw error;
      }
    };
    return await this.wake.until(ready, ms, signal);
  }

  async position(stage: string, partition: number, stream: Stream): Promise<Position> {
    return await this.#reading(() => this.reader.position(stage, partition, stream));
  }

  async state(stage: string, partition: number, prefix = ''): Promise<Map<string, Uint8Array>> {
    return await this.#reading(() => this.reader.state(stage, partition, prefix));
  }

  async stats(): Promise<LogStats> {
    const disk = await statfs(this.#dir);
    return await this.#reading(() => ({
      bytes: this.generations.list.reduce((sum, g) => sum + g.bytes, 0),
      freeBytes: disk.bavail * disk.bsize,
      totalBytes: disk.blocks * disk.bsize,
      commitP99: this.#times.p99(),
      backlogBytes: backlogBytes(this.generations.list, this.reader),
      generations: this.generations.list.length,
      damaged: [...this.generations.damaged(), ...this.#corrupt],
    }));
  }

  /** Waits for the commits under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#resting);
    await this.#writer.idle();
    await this.#beforeClose?.();
    this.wake.close();
    await this.generations.close();
    if (!this.#writer.failed) this.#afterClose?.();
  }

  /** For the housekeeper: `before` the generations are closed, and `after` them if nothing failed. */
  onClose(before: () => Promise<void>, after: () => void): void {
    this.#beforeClose = before;
    this.#afterClose = after;
  }

  /** Runs `fn` on a fresh view; where it meets a generation that has not been checked yet, waits for that and runs again. */
  async #reading<T>(fn: () => T): Promise<T> {
    for (;;) {
      this.#assertUsable();
      this.reader.refresh();
      try {
        return fn();
      } catch (error) {
        if (isFromLmdb(error)) throw this.#writer.fail('log: unable to read', error);
        if (!(error instanceof NotTrusted)) throw error;
        await this.#trusted(error.generation);
      }
    }
  }

  async #trusted(generation: Generation): Promise<void> {
    let asked = Number.NEGATIVE_INFINITY;
    const known = () => {
      this.generations.reload();
      if (performance.now() - asked >= ASK_AGAIN_MS) {
        asked = performance.now();
        this.wake.want(generation.number);
      }
      return generation.closed || generation.trusted;
    };
    if (!(await this.wake.until(known, TRUST_DEADLINE_MS, new AbortController().signal)))
      throw new Unavailable(`log: generation ${generation.number} has not been checked in ${TRUST_DEADLINE_MS} ms`);
  }

  /** The first time this thread writes a stream it looks where the stream stands; from then on it knows. */
  async #stand(stream: Stream): Promise<void> {
    if (this.#standing.get(stream) instanceof Standing) return;
    const asked =
      this.#standing.get(stream) ?? this.#reading(() => this.reader.end(stream)).then((end) => new Standing(end));
    this.#standing.set(stream, asked);
    try {
      const standing = await asked;
      // Others may have waited for the same answer; the first to wake sets it, and they must not set it back.
      if (this.#standing.get(stream) === asked) this.#standing.set(stream, standing);
    } catch (error) {
      this.#standing.delete(stream);
      throw error;
    }
  }

  #notBefore(last: number, at: number, stream: Stream): number {
    if (at >= last) return at;
    if (last - at > CLOCK_STEP_MS) this.#logger.warn({ stream, ms: last - at }, 'log: receipt time went backwards');
    return last;
  }

  #reportCorrupt(where: string, error: Error): void {
    if (this.#corrupt.has(where)) return;
    this.#corrupt.add(where);
    this.#logger.error({ where, err: error }, 'log: a damaged block is skipped');
  }

  #assertUsable(): void {
    if (this.#writer.failed) throw this.#writer.failed;
    if (this.#closed) throw new Error('log: closed');
  }
}

/** Where a stream stands that this thread writes, commits under way included. */
class Standing {
  seq: number;
  offset: number;
  at: number;

  constructor({ seq, offset, at }: End) {
    this.seq = seq;
    this.offset = offset;
    this.at = at;
  }

  /** After one more block; gives the offset of its first record. */
  advance(count: number, at: number): number {
    const first = this.offset;
    this.seq++;
    this.offset += count;
    this.at = at;
    return first;
  }
}

/** Positions and state of a commit, as entries. */
function small({ stage, partition, upTo, state }: Commit): Entry[] {
  const entries: Entry[] = [];
  for (const [stream, position] of Object.entries(upTo) as [Stream, Position][])
    entries.push([positionKey(stage, partition, stream), sealNumbers(position.seq, position.offset)]);
  for (const [key, value] of state)
    entries.push([stateKey(stage, partition, key), value === undefined ? TOMBSTONE : sealValue(TYPE.value, value)]);
  return entries;
}
