/**
 * One generation of the log: an LMDB environment of its own, with blocks, positions and state together, so that one
 * transaction covers them. It ends with a seal; every write is conditional on the seal's absence, in LMDB's own
 * transaction. So nothing can be written behind the seal, whatever thread it comes from and whatever that thread has not
 * yet noticed, and a sealed generation may be deleted.
 */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import type { Stream } from '../../model/streams.ts';
import { sealNumbers, unsealNumbers } from './envelope.ts';
import { baseKey, blockKey, blocksEnd, metaKey, seqOf } from './keys.ts';

export type Entry = readonly [key: Buffer, value: Buffer];

/** lmdb takes options in the place of a version; its types do not say so. */
const ONLY_NEW = { noOverwrite: true } as unknown as number;

const SEAL = metaKey('sealed');
const CREATED = metaKey('created');

/** Not checked since a crash: whoever catches it waits for the housekeeper's word and tries again. */
export class NotTrusted extends Error {
  override readonly name = 'NotTrusted';
  readonly generation: Generation;
  constructor(generation: Generation) {
    super(`log: generation ${generation.number} has not been checked yet`);
    this.generation = generation;
  }
}

export class Generation {
  readonly number: number;
  readonly dir: string;
  #mapBytes: number;
  #db: RootDatabase<Buffer, Buffer> | undefined;
  /** Monotonic ms: when this thread last needed it. */
  #usedAt = 0;
  #writes = 0;
  #sealed: number | undefined;
  /** Once written these stay: the first block of a stream, its base and, behind the seal, its last block. */
  #firstSeqs = new Map<Stream, number>();
  #lastSeqs = new Map<Stream, number | undefined>();
  #baseSeqs = new Map<Stream, number>();
  closed = false;

  constructor(options: { number: number; dir: string; generationBytes: number }) {
    this.number = options.number;
    this.dir = options.dir;
    // Address space, not memory: room for what a batch may add after the limit is reached.
    this.#mapBytes = options.generationBytes * 2 + 512 * 1024 * 1024;
  }

  /** Written by this version in a run that did not crash, or checked since. Until then it is not opened. */
  get trusted(): boolean {
    return this.#db !== undefined || existsSync(join(this.dir, 'trusted'));
  }

  /** Bytes on disk. */
  get bytes(): number {
    return statSync(join(this.dir, 'data.mdb'), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** When it was begun and, once it is, sealed; epoch ms. */
  get created(): number | undefined {
    return this.#number(CREATED);
  }

  get sealed(): number | undefined {
    this.#sealed ??= this.#number(SEAL) ?? (existsSync(join(this.dir, 'retired')) ? this.written : undefined);
    return this.#sealed;
  }

  /**
   * Sealed by a file, without writing to the database: only while nobody has it open. For one that was written to when a
   * process crashed twice, lest what no check sees (a wrong number in the list of free pages) crash the next one too.
   */
  retire(): void {
    writeFileSync(join(this.dir, 'retired'), '');
  }

  /** When its file was last written to, epoch ms; needs no trust. */
  get written(): number {
    return statSync(join(this.dir, 'data.mdb'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  get(key: Buffer): Buffer | undefined {
    return this.#open().get(key);
  }

  /** Keys from `start` (inclusive) to `end` (exclusive), ascending. */
  keys(start: Buffer, end: Buffer, limit?: number): Iterable<Buffer> {
    return this.#open().getKeys(limit === undefined ? { start, end } : { start, end, limit }) as Iterable<Buffer>;
  }

  entries(start: Buffer, end: Buffer): Iterable<{ key: Buffer; value: Buffer }> {
    return this.#open().getRange({ start, end }) as Iterable<{ key: Buffer; value: Buffer }>;
  }

  /** Number of the first block of the stream that is `seq` or later. */
  nextSeq(stream: Stream, seq: number): number | undefined {
    for (const key of this.keys(blockKey(stream, seq), blocksEnd(stream), 1)) return seqOf(key);
    return undefined;
  }

  firstSeq(stream: Stream): number | undefined {
    if (this.#lastSeqs.has(stream) && this.#lastSeqs.get(stream) === undefined) return undefined;
    const first = this.#firstSeqs.get(stream) ?? this.nextSeq(stream, 0);
    if (first !== undefined) this.#firstSeqs.set(stream, first);
    return first;
  }

  lastSeq(stream: Stream): number | undefined {
    if (this.#lastSeqs.has(stream)) return this.#lastSeqs.get(stream);
    const final = this.sealed !== undefined;
    let last: number | undefined;
    const keys = this.#open().getKeys({ start: blocksEnd(stream), end: blockKey(stream, 0), reverse: true, limit: 1 });
    for (const key of keys as Iterable<Buffer>) last = seqOf(key);
    if (final) this.#lastSeqs.set(stream, last);
    return last;
  }

  /** Where the stream stood when blocks before it were in older generations only, or lost. */
  baseSeq(stream: Stream): number | undefined {
    const seq = this.#baseSeqs.get(stream) ?? this.#number(baseKey(stream));
    if (seq !== undefined) this.#baseSeqs.set(stream, seq);
    return seq;
  }

  /** Older generations hold only what comes before this; undefined when this one says nothing of the stream. */
  startSeq(stream: Stream): number | undefined {
    const first = this.firstSeq(stream);
    const base = this.baseSeq(stream);
    return first === undefined || base === undefined ? (first ?? base) : Math.min(first, base);
  }

  /**
   * Writes all of it in one synced transaction and resolves true, or false when the generation is sealed and nothing was
   * written. `fresh` entries are written only where the key does not exist yet.
   * @throws what LMDB says, with the reason behind "Commit failed" as cause.
   *         Also when a `fresh` one existed, which is a bug, unless `lenient` says that it is not.
   */
  async write(entries: { fresh?: readonly Entry[]; puts?: readonly Entry[]; lenient?: boolean }): Promise<boolean> {
    if (this.closed) return false; // it was sealed before it was removed
    const db = this.#open();
    const fresh: Promise<boolean>[] = [];
    this.#writes++;
    try {
      const batch = db.ifNoExists(SEAL, () => {
        for (const [key, value] of entries.fresh ?? []) fresh.push(db.put(key, value, ONLY_NEW));
        for (const [key, value] of entries.puts ?? []) void db.put(key, value);
      });
      const [written, ...took] = await Promise.all([batch, ...fresh]);
      if (written && !entries.lenient && took.includes(false))
        throw new Error(`log: two writers of one stream in generation ${this.number}`);
      return written;
    } catch (error) {
      throw await reasonOf(error);
    } finally {
      this.#writes--;
    }
  }

  /** Durable once it resolves; a second seal changes nothing. */
  async seal(at: number): Promise<void> {
    this.#writes++;
    try {
      await this.#open().put(SEAL, sealNumbers(at), ONLY_NEW);
    } catch (error) {
      throw await reasonOf(error);
    } finally {
      this.#writes--;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const db = this.#db;
    this.#db = undefined;
    await db?.close();
  }

  /**
   * Lets go of the file when nobody has needed it for so long; the next read opens it again. An open one keeps every page
   * that was ever read in the memory of the process.
   */
  async rest(idleMs: number): Promise<void> {
    const db = this.#db;
    if (!db || this.#writes > 0 || performance.now() - this.#usedAt < idleMs) return;
    this.#db = undefined;
    await db.close();
  }

  /** Reads see what other threads have committed by now: LMDB's snapshot would otherwise last until the next turn. */
  refresh(): void {
    this.#db?.resetReadTxn();
  }

  begin(at: number): Promise<boolean> {
    return this.#open().put(CREATED, sealNumbers(at), ONLY_NEW);
  }

  #number(key: Buffer): number | undefined {
    const bytes = this.get(key);
    return bytes && unsealNumbers(bytes)[0];
  }

  #open(): RootDatabase<Buffer, Buffer> {
    if (this.closed) throw new Error(`log: generation ${this.number} is closed`);
    this.#usedAt = performance.now();
    if (this.#db) return this.#db;
    if (!this.trusted) throw new NotTrusted(this);
    this.#db = open<Buffer, Buffer>({
      path: this.dir,
      encoding: 'binary',
      keyEncoding: 'binary',
      // With it, lmdb resolves its promises before the pages are synced.
      overlappingSync: false,
      mapSize: this.#mapBytes,
      // Else a large batch takes the write lock of all threads before this turn of the event loop has ended.
      batchStartThreshold: 1e9,
      noSubdir: false,
    } as Parameters<typeof open<Buffer, Buffer>>[0]);
    return this.#db;
  }
}

/** What LMDB itself says has a number: its pages cannot be believed any more. */
export function isFromLmdb(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

/** lmdb rejects with "Commit failed" and hides the reason in a second promise, which must be awaited by somebody. */
async function reasonOf(error: unknown): Promise<unknown> {
  const reason = (error as { commitError?: Promise<unknown> }).commitError;
  if (!reason) return error;
  const late = new Promise((resolve) => setTimeout(resolve, 1000, undefined).unref());
  const cause = await Promise.race([reason.then(() => undefined).catch((e: unknown) => e), late]);
  return cause instanceof Error ? new Error(`log: commit failed: ${cause.message}`, { cause }) : error;
}
