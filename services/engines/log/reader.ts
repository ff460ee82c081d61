/** Reads across generations: which of them holds a block, where streams begin and end, positions and state of stages. */
import { type Block, Corrupt, decodeBlock } from '../../model/block.ts';
import { type Position, START } from '../../model/log.ts';
import type { Stream } from '../../model/streams.ts';
import { numbersIn, TYPE, unseal } from './envelope.ts';
import type { Generation } from './generation.ts';
import { after, baseKey, blockKey, metaKey, positionKey, stateKey, stateKeyName } from './keys.ts';

/** Where a stream stands: the next block's place and offset, and the receipt time nothing may come before. */
export interface End extends Position {
  at: number;
}

/** The generations as the reader needs them. */
export interface Shelf {
  /** Oldest first; never empty. */
  readonly list: readonly Generation[];
  readonly newest: Generation;
  reload(): unknown;
}

/** Everything positions and state say in the generations up to this number has been copied into newer ones. */
export const CARRIED_THROUGH = metaKey('carried');

export class Reader {
  #generations: Shelf;
  /** Blocks never change, so where the last one ends need not be read twice. */
  #ends = new Map<Stream, { generation: Generation; last: number; end: End }>();
  #onCorrupt: (where: string, error: Corrupt) => void;

  constructor(options: { generations: Shelf; onCorrupt: (where: string, error: Corrupt) => void }) {
    this.#generations = options.generations;
    this.#onCorrupt = options.onCorrupt;
  }

  /**
   * From here on reads see what other threads have committed by now. Snapshots are taken when first read from, and reads
   * go from the newest generation to older ones: whoever sees block 6 in a newer one will also find block 5 in the older.
   */
  refresh(): void {
    for (const g of this.#generations.list) g.refresh();
    if (this.#generations.newest.sealed !== undefined) this.#generations.reload();
  }

  /** Whether there is a block at `seq` or later. */
  has(stream: Stream, seq: number): boolean {
    for (const g of this.#generations.list.toReversed()) {
      const last = g.lastSeq(stream);
      if (last !== undefined) return last >= seq;
      const base = g.baseSeq(stream);
      if (base !== undefined && base <= seq) return false;
    }
    return false;
  }

  /** The first block at `seq` or later. A damaged one is reported and skipped. */
  next(stream: Stream, seq: number): Block | undefined {
    if (!this.has(stream, seq)) return undefined;
    const holder = this.#holder(stream, seq);
    for (const g of this.#generations.list) {
      if (g.number < holder) continue;
      for (let at = g.nextSeq(stream, seq); at !== undefined; at = g.nextSeq(stream, at + 1)) {
        const bytes = g.get(blockKey(stream, at));
        const block = bytes && this.#decode(bytes, stream, at, g);
        if (block) return block;
      }
    }
    return undefined;
  }

  end(stream: Stream): End {
    for (const g of this.#generations.list.toReversed()) {
      const end = this.#endIn(stream, g);
      if (end) return end;
    }
    return { ...START, at: 0 };
  }

  begin(stream: Stream): Position {
    for (const g of this.#generations.list) {
      const seq = g.firstSeq(stream);
      const block = seq === undefined ? undefined : this.next(stream, seq);
      if (block) return { seq: block.seq, offset: block.first };
    }
    const { seq, offset } = this.end(stream);
    return { seq, offset };
  }

  /** The block that holds the record with this offset. */
  seek(stream: Stream, offset: number): Position | undefined {
    const begin = this.begin(stream);
    const end = this.end(stream);
    if (offset < begin.offset || offset > end.offset) return undefined;
    // The last block that begins at or before the offset; ticks take none, so the last of several that begin there.
    let low = begin.seq;
    let high = end.seq;
    while (low + 1 < high) {
      const middle = Math.floor((low + high) / 2);
      const block = this.next(stream, middle);
      if (block && block.first <= offset) low = block.seq < high ? block.seq : middle;
      else high = middle;
    }
    const block = this.next(stream, low);
    // Between two blocks where one was lost: on to the next.
    return block && offset < block.first + block.count ? { seq: block.seq, offset } : { seq: low + 1, offset };
  }

  position(stage: string, partition: number, stream: Stream): Position {
    const key = positionKey(stage, partition, stream);
    for (const g of this.carriers().reverse()) {
      const [seq, offset] = this.#numbers(g, key) ?? [];
      if (seq !== undefined && offset !== undefined) return { seq, offset };
    }
    return START;
  }

  state(stage: string, partition: number, prefix: string): Map<string, Uint8Array> {
    const state = new Map<string, Uint8Array>();
    const start = stateKey(stage, partition, prefix);
    for (const g of this.carriers()) {
      for (const { key, value } of g.entries(start, after(start))) {
        const name = stateKeyName(key, stage);
        const entry = this.#unseal(value, `generation ${g.number}, state ${stage} ${name}`);
        if (!entry) continue;
        if (entry.type === TYPE.tombstone) state.delete(name);
        else state.set(name, entry.value);
      }
    }
    return state;
  }

  /** The generations that positions and state must be looked for in, oldest first. */
  carriers(): Generation[] {
    const carried = this.carriedThrough();
    return this.#generations.list.filter((g) => g.number > carried);
  }

  carriedThrough(): number {
    for (const g of this.#generations.list.toReversed()) {
      const [number] = this.#numbers(g, CARRIED_THROUGH) ?? [];
      if (number !== undefined) return number;
    }
    return 0;
  }

  /** The newest generation that older ones hold nothing at or after `seq` of: its number. */
  #holder(stream: Stream, seq: number): number {
    const list = this.#generations.list;
    for (let i = list.length - 1; i > 0; i--) {
      const g = list[i]!; // an index within the list
      const start = g.startSeq(stream);
      if (start !== undefined && start <= seq) return g.number;
    }
    return 0;
  }

  #endIn(stream: Stream, g: Generation): End | undefined {
    const last = g.lastSeq(stream) ?? 0;
    const known = this.#ends.get(stream);
    if (known && known.generation === g && known.last === last) return known.end;
    const [seq = 0, offset = 0, at = 0] = this.#numbers(g, baseKey(stream)) ?? [];
    // A base beyond the last block: blocks after it were lost, and their offsets must not be given out again.
    const end = seq > last ? { seq, offset, at } : this.#endOf(stream, last, g);
    if (end) this.#ends.set(stream, { generation: g, last, end });
    return end;
  }

  #endOf(stream: Stream, seq: number, g: Generation): End | undefined {
    const bytes = g.get(blockKey(stream, seq));
    if (!bytes) return undefined;
    const block = this.#decode(bytes, stream, seq, g);
    if (block) return { seq: seq + 1, offset: block.first + block.count, at: block.at };
    // Its header cannot be believed, but it had no more records than bytes.
    const before = this.#endOf(stream, seq - 1, g) ?? { offset: START.offset, at: 0 };
    return { seq: seq + 1, offset: before.offset + bytes.byteLength, at: before.at };
  }

  #numbers(g: Generation, key: Buffer): number[] | undefined {
    const bytes = g.get(key);
    const entry = bytes && this.#unseal(bytes, `generation ${g.number}, record ${key.toString('hex')}`);
    return entry && numbersIn(entry.value);
  }

  #unseal(bytes: Buffer, where: string): ReturnType<typeof unseal> | undefined {
    try {
      return unseal(bytes);
    } catch (error) {
      if (!(error instanceof Corrupt)) throw error;
      this.#onCorrupt(where, error);
      return undefined;
    }
  }

  #decode(bytes: Buffer, stream: Stream, seq: number, g: Generation): Block | undefined {
    try {
      const block = decodeBlock(bytes, seq);
      if (block.stream !== stream) throw new Corrupt(`block ${seq}: of ${block.stream}, found in ${stream}`);
      return block;
    } catch (error) {
      if (!(error instanceof Corrupt)) throw error;
      this.#onCorrupt(`generation ${g.number}, ${stream} ${seq}`, error);
      return undefined;
    }
  }
}
