/** Which messages were seen lately, so that a redelivery is recognised, also after a restart. See semantics: Identity. */
import { Buffer } from 'node:buffer';
import { HashTable } from './hash-table.ts';

export interface IdentityMemoryOptions {
  /** Of its keys in the state of the stage. */
  prefix: string;
  windowMs: number;
  /** Most entries of one generation; there are at most two. Beyond that the oldest are forgotten before their time. */
  capacity: number;
}

const ENTRY_BYTES = 24;
/** A piece of state is written anew until it holds so many entries: few keys, and little written twice. */
const CHUNK_ENTRIES = 256;

/** 64 bits that stand for an identity. */
export interface Hash {
  low: number;
  high: number;
}

interface Chunk {
  key: string;
  newest: number;
  entries: number;
}

/**
 * Entries live in two generations: when the newer one is a window old, or full, it becomes the older one and the older one
 * goes. On disk they are chunks of (u64 hash, f64 connection, f64 time), each deleted once all of it is out of the window.
 */
export class IdentityMemory {
  #options: IdentityMemoryOptions;
  #newer = new HashTable();
  #older = new HashTable();
  #newerSince = 0;
  #chunks: Chunk[] = [];
  #nextChunk = 1;
  #open = Buffer.alloc(0);
  /** Entries of the batch in hand. */
  #added = Buffer.allocUnsafe(16 * 1024);
  #addedBytes = 0;
  #addedNewest = 0;

  constructor(options: IdentityMemoryOptions) {
    this.#options = options;
  }

  /** The connection a message with this identity last came on within the window before `at`; `undefined` when none did. */
  find({ low, high }: Hash, at: number): number | undefined {
    let table = this.#newer;
    let slot = table.find(low, high);
    if (slot < 0) {
      table = this.#older;
      slot = table.find(low, high);
    }
    return slot >= 0 && at - table.at(slot) <= this.#options.windowMs ? table.connection(slot) : undefined;
  }

  put({ low, high }: Hash, connection: number, at: number): void {
    this.#remember(low, high, connection, at);
    const start = this.#addedBytes;
    if (start + ENTRY_BYTES > this.#added.byteLength) {
      const larger = Buffer.allocUnsafe(this.#added.byteLength * 2);
      this.#added.copy(larger, 0, 0, start);
      this.#added = larger;
    }
    this.#added.writeUInt32LE(low, start);
    this.#added.writeUInt32LE(high, start + 4);
    this.#added.writeDoubleLE(connection, start + 8);
    this.#added.writeDoubleLE(at, start + 16);
    this.#addedBytes = start + ENTRY_BYTES;
    this.#addedNewest = at;
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#newer = new HashTable();
    this.#older = new HashTable();
    this.#newerSince = 0;
    this.#chunks = [];
    this.#nextChunk = 1;
    this.#open = Buffer.alloc(0);
    this.#addedBytes = 0;
    const { prefix } = this.#options;
    const keys = [...state.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) this.#readChunk(key, state.get(key)!); // a key of the map
  }

  /** What to write after a batch whose newest receipt time is `now`. */
  changes(state: Map<string, Uint8Array | undefined>, now: number): void {
    if (this.#addedBytes > 0) this.#write(state);
    const { windowMs, capacity } = this.#options;
    let total = this.#chunks.reduce((sum, c) => sum + c.entries, 0);
    while (this.#chunks.length > 1 && (this.#chunks[0]!.newest < now - windowMs || total > 2 * capacity)) {
      const chunk = this.#chunks.shift()!; // there are at least two
      total -= chunk.entries;
      state.set(chunk.key, undefined);
    }
  }

  #write(state: Map<string, Uint8Array | undefined>): void {
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.entries >= CHUNK_ENTRIES) {
      chunk = { key: this.#options.prefix + String(this.#nextChunk++).padStart(12, '0'), newest: 0, entries: 0 };
      this.#chunks.push(chunk);
      this.#open = Buffer.alloc(0);
    }
    this.#open = Buffer.concat([this.#open, this.#added.subarray(0, this.#addedBytes)]);
    chunk.entries += this.#addedBytes / ENTRY_BYTES;
    chunk.newest = this.#addedNewest;
    this.#addedBytes = 0;
    state.set(chunk.key, this.#open);
  }

  #readChunk(key: string, bytes: Uint8Array): void {
    const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let newest = 0;
    for (let at = 0; at + ENTRY_BYTES <= b.byteLength; at += ENTRY_BYTES) {
      newest = b.readDoubleLE(at + 16);
      this.#remember(b.readUInt32LE(at), b.readUInt32LE(at + 4), b.readDoubleLE(at + 8), newest);
    }
    this.#chunks.push({ key, newest, entries: Math.floor(b.byteLength / ENTRY_BYTES) });
    this.#nextChunk = Number(key.slice(this.#options.prefix.length)) + 1;
    this.#open = Buffer.from(b); // only the last one's is written to again
  }

  #remember(low: number, high: number, connection: number, at: number): void {
    if (this.#newer.size >= this.#options.capacity || at - this.#newerSince > this.#options.windowMs) {
      // After a silence longer than the window nothing of the newer generation is of use either; it goes next time.
      this.#older = this.#newer;
      this.#newer = new HashTable();
      this.#newerSince = at;
    }
    this.#newer.put(low, high, connection, at);
  }
}
