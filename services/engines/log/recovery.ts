/**
 * What happens before the log of a process that did not stop in order is believed again. Every generation loses its mark
 * `trusted`; the newest is examined before anything is served from it, older ones before they are first read. A damaged
 * one is set aside as `g-….damaged` and replaced by what of it is sound, so that a flipped bit costs a block or a page,
 * and never a crash twice.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STREAM_NAMES, type Stream } from '../../model/streams.ts';
import { sealNumbers } from './envelope.ts';
import { examine, type Findings } from './examination.ts';
import { type Entry, Generation, NotTrusted } from './generation.ts';
import { Generations, generationName, generationNumbers } from './generations.ts';
import { baseKey, blockKey, blocksEnd, isBlockOf, seqOf } from './keys.ts';
import type { Reports } from './lmdb-log.ts';
import { type End, Reader } from './reader.ts';

export interface RecoveryOptions {
  dir: string;
  generationBytes: number;
  logger: Reports;
  /** `name` is the folder an operator must look at. */
  onDamaged?: ((damage: { name: string; detail: string }) => void) | undefined;
}

export class Recovery {
  #options: RecoveryOptions;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    mkdirSync(options.dir, { recursive: true });
  }

  /** Before any thread opens the log. Where the last stop was in order there is nothing to do. */
  async start(): Promise<void> {
    this.#sweep();
    const clean = this.#path('clean');
    if (existsSync(clean)) {
      rmSync(clean);
      return;
    }
    const numbers = generationNumbers(this.#options.dir);
    for (const number of numbers) rmSync(this.#path(generationName(number), 'trusted'), { force: true });
    const newest = numbers.at(-1);
    if (newest === undefined) return;
    await this.verify(newest);
    this.#leave(newest);
  }

  /**
   * A generation is written to after one crash at most, and not at all once there is much in it: then the log goes on in
   * the next, so that a fault no check finds cannot end process after process.
   */
  #leave(number: number): void {
    const { dir, generationBytes } = this.#options;
    const generation = new Generation({ ...this.#options, number, dir: this.#path(generationName(number)) });
    const resumed = join(generation.dir, 'resumed');
    if (!existsSync(resumed) && generation.bytes < generationBytes / 16) {
      writeFileSync(resumed, '');
      return;
    }
    generation.retire();
    new Generations({ dir, generationBytes }).create(number + 1);
  }

  /** After every thread has closed the log. */
  stoppedInOrder(): void {
    writeFileSync(this.#path('clean'), '');
  }

  /** Afterwards the generation is trusted: as it was, or as what could be saved of it. */
  async verify(number: number): Promise<void> {
    const dir = this.#path(generationName(number));
    const trusted = join(dir, 'trusted');
    if (!existsSync(dir) || existsSync(trusted)) return;
    if (existsSync(join(dir, 'data.mdb'))) {
      const found = await examine(['check', dir]);
      if (!found.done || found.bad.length > 0) {
        await this.#replace(number, found);
        return;
      }
    }
    writeFileSync(trusted, '');
  }

  async #replace(number: number, found: Findings): Promise<void> {
    const { dir, generationBytes, logger, onDamaged } = this.#options;
    const damaged = this.#path(generationName(number));
    const mended = this.#path(`mended-${number}`);
    rmSync(mended, { recursive: true, force: true });
    mkdirSync(mended);
    const forwards = await examine(['copy', damaged, mended, 'forwards']);
    const backwards = forwards.done ? undefined : await examine(['copy', damaged, mended, 'backwards']);
    writeFileSync(join(mended, 'trusted'), '');

    const copy = new Generation({ number, dir: mended, generationBytes });
    await copy.begin(Date.now());
    const bases = await this.#bases(copy, {
      bad: [...forwards.bad, ...(backwards?.bad ?? [])],
      gap: backwards && { from: forwards.at ?? Buffer.alloc(0), to: backwards.at ?? Buffer.from([0xff]) },
      bytes: statSync(join(damaged, 'data.mdb')).size,
    });
    await copy.write({ puts: bases });
    await copy.close();

    const name = `${generationName(number)}.${new Date().toISOString().replace(/[:.]/g, '')}.damaged`;
    renameSync(damaged, join(dir, name));
    renameSync(mended, damaged);
    const detail = `${found.detail}; ${forwards.done ? 'the other records are' : 'what could be read is'} kept`;
    logger.error({ name, detail }, 'log: a damaged generation was set aside');
    onDamaged?.({ name, detail });
  }

  /**
   * Where streams must go on whose last blocks may be among what was lost: beyond any offset that can have been given out,
   * since a record has at least one byte.
   */
  async #bases(copy: Generation, lost: Lost): Promise<Entry[]> {
    const older = generationNumbers(this.#options.dir)
      .filter((number) => number < copy.number)
      .map((number) => new Generation({ ...this.#options, number, dir: this.#path(generationName(number)) }));
    const reader = new Reader({ generations: { list: [...older, copy], newest: copy, reload() {} }, onCorrupt() {} });
    try {
      for (;;) {
        try {
          return STREAM_NAMES.flatMap((stream) => baseAfter(lost, stream, reader.end(stream)));
        } catch (error) {
          if (!(error instanceof NotTrusted)) throw error;
          await this.verify(error.generation.number);
        }
      }
    } finally {
      for (const g of older) await g.close();
    }
  }

  /** What a crash left half done. */
  #sweep(): void {
    for (const name of readdirSync(this.#options.dir)) {
      const number = /^mended-(\d+)$/.exec(name)?.[1];
      const place = number && this.#path(generationName(Number(number)));
      // Complete once the damaged one has made room for it.
      if (place && !existsSync(place)) renameSync(this.#path(name), place);
      else if (number || /^(draft|removed)-/.test(name)) rmSync(this.#path(name), { recursive: true });
    }
  }

  #path(...names: string[]): string {
    return join(this.#options.dir, ...names);
  }
}

interface Lost {
  bad: Findings['bad'];
  /** Between these keys nothing could be read. */
  gap: { from: Buffer; to: Buffer } | undefined;
  /** Of the whole file. */
  bytes: number;
}

function baseAfter(lost: Lost, stream: Stream, { seq, offset, at }: End): Entry[] {
  const bad = lost.bad.filter(({ key }) => isBlockOf(stream, key) && seqOf(key) >= seq);
  const open =
    lost.gap !== undefined &&
    Buffer.compare(lost.gap.from, blocksEnd(stream)) < 0 &&
    Buffer.compare(lost.gap.to, blockKey(stream, seq)) > 0;
  if (!open && bad.length === 0) return [];
  const after = Math.max(seq, ...bad.map(({ key }) => seqOf(key) + 1));
  const bytes = open ? lost.bytes : bad.reduce((sum, b) => sum + b.bytes, 0);
  return [[baseKey(stream), sealNumbers(open ? after + bytes : after, offset + bytes, at)]];
}
