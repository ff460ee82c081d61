/**
 * New, duplicate or correction: the decision, apart from any storage. A value newer than the newest of its series is new
 * without a look-up; the keys of all others are looked up as one set, and then every key is settled in stream order.
 */
import { NO_STORE_COUNTS, type StoreCounts } from '../../model/ledger.ts';
import type { ReadingColumns } from '../../model/readings.ts';
import type { Newest, SeriesDictionary } from './dictionary.ts';

// The last year RFC 3339 can write; hours since 1970 fit 32 bits with room to spare.
const LAST_TIME = Date.UTC(10_000, 0, 1);

/** A stored value that a batch met again. `generation` and `row` say where it lies, in the engine's own numbers. */
export interface Stored {
  generation: number;
  row: number;
  value: number;
  /** The uplink that gave it is one of these; of one that is forgotten, any. */
  uplinks: Range;
  revision: number;
  /** More than one uplink gave it; then it is known which one owns it. */
  contested: boolean;
}

/** Both ends included. */
export interface Range {
  from: number;
  to: number;
}

/** One (series, time) that a batch cannot decide without looking. */
export interface Key {
  series: number;
  time: number;
  stored: Stored | undefined;
  /** Newer than all that was stored of its series before this batch: only the batch itself can have it twice. */
  fresh: boolean;
  /** Row of the batch that owns it now, -1 when none does. */
  row: number;
  exists: boolean;
  value: number;
  uplinks: Range;
  revision: number;
  contested: boolean;
  /** The stored value has to go. */
  replaced: boolean;
  /** The last retraction of it, which holds within its block. */
  tomb: { block: ReadingColumns; uplink: number; revision: number } | undefined;
}

export class Decision {
  readonly blocks: readonly ReadingColumns[];
  readonly rows: number;
  /** Number of the series of each row, over all blocks. */
  readonly series: Int32Array;
  readonly accepted: Uint8Array;
  readonly contested: Uint8Array;
  readonly keys = new Map<string, Key>();
  readonly counts = new Map<string, StoreCounts>();
  /** Series with a new newest value, and the row that gave it. */
  readonly newest = new Map<number, number>();
  /** Series whose newest value was retracted: the one before it has to be found. */
  readonly vanished: number[] = [];
  newestReceived = 0;
  #dictionary: SeriesDictionary;
  #keyed = new Set<number>();

  /** @throws RangeError when a row can never be stored: a time or value that is no number. Nothing has changed then. */
  constructor(dictionary: SeriesDictionary, blocks: readonly ReadingColumns[]) {
    this.#dictionary = dictionary;
    this.blocks = blocks;
    this.rows = blocks.reduce((n, b) => n + b.count, 0);
    this.series = new Int32Array(this.rows);
    this.accepted = new Uint8Array(this.rows);
    this.contested = new Uint8Array(this.rows);
    for (const block of blocks) checkRows(block);
    this.#findKeys();
  }

  /** The keys whose stored values `settle` must be told. */
  undecided(): Key[] {
    return [...this.keys.values()].filter((key) => !key.fresh);
  }

  /** Gives every row its verdict, in stream order, from what was found. */
  settle(found: Iterable<[string, Stored]>): void {
    for (const [name, stored] of found) {
      const key = this.keys.get(name)!; // only keys of ours are looked up
      const { value, uplinks, revision, contested } = stored;
      Object.assign(key, { stored, exists: true, value, uplinks, revision, contested });
    }
    let at = 0;
    for (const block of this.blocks) {
      this.#retract(block);
      const refs = block.series.map((s) => this.#countsOf(s.owner));
      for (let i = 0; i < block.count; i++, at++) {
        const counts = refs[block.seriesIndex[i]!]!; // checked in checkRows
        counts.stored++;
        const id = this.series[at]!;
        const key = this.#keyed.has(id) ? this.keys.get(keyName(id, block.time[i]!)) : undefined;
        if (key) this.#offer(key, at, block, i, counts);
        else {
          counts.readings++;
          this.accepted[at] = 1;
        }
      }
    }
    this.#settleNewest();
  }

  /** What a row of the batch would make the newest value of its series. */
  rowAt(row: number): Newest {
    let b = 0;
    let i = row;
    while (i >= this.blocks[b]!.count) i -= this.blocks[b++]!.count; // rows are of these blocks
    const block = this.blocks[b]!;
    return {
      time: block.time[i]!,
      value: block.value[i]! + 0, // -0 is stored as 0: there is no such reading
      received: block.received[i]!,
      marks: block.marks[i]!,
      uplink: block.uplink[i]!,
      revision: block.revision[i]!,
    };
  }

  #findKeys(): void {
    let at = 0;
    for (const block of this.blocks) {
      const ids = block.series.map((ref) => this.#dictionary.idFor(ref));
      for (const r of block.retractions) {
        const id = this.#dictionary.find(r.asset, r.quantity);
        if (id !== undefined) this.#addKey(id, r.time);
      }
      const workTime = this.#dictionary.workTime;
      for (let i = 0; i < block.count; i++, at++) {
        const id = ids[block.seriesIndex[i]!]!; // checked in checkRows
        const time = block.time[i]!;
        this.series[at] = id;
        if (block.received[i]! > this.newestReceived) this.newestReceived = block.received[i]!;
        if (time > workTime[id]!) {
          workTime[id] = time;
          this.newest.set(id, at);
        } else this.#addKey(id, time);
      }
    }
  }

  #addKey(series: number, time: number): void {
    const name = keyName(series, time);
    if (this.keys.has(name)) return;
    this.#keyed.add(series);
    this.keys.set(name, {
      series,
      time,
      stored: undefined,
      fresh: time > (this.#dictionary.newest[series]?.time ?? Number.NEGATIVE_INFINITY),
      row: -1,
      exists: false,
      value: 0,
      uplinks: { from: 0, to: 0 },
      revision: 0,
      contested: false,
      replaced: false,
      tomb: undefined,
    });
  }

  // Retractions of a block come before its rows: another uplink of the block may give the key anew.
  #retract(block: ReadingColumns): void {
    for (const r of block.retractions) {
      const id = this.#dictionary.find(r.asset, r.quantity);
      const key = id === undefined ? undefined : this.keys.get(keyName(id, r.time));
      if (!key) continue;
      key.tomb = { block, uplink: r.uplink, revision: r.revision };
      if (!key.exists || !wins(r.uplink, r.revision, key)) continue;
      this.#remove(key);
      key.exists = false;
      this.#countsOf(r.owner).retracted++;
    }
  }

  #offer(key: Key, at: number, block: ReadingColumns, i: number, counts: StoreCounts): void {
    const value = block.value[i]!;
    const uplink = block.uplink[i]!;
    const revision = block.revision[i]!;
    const { tomb } = key;
    // An uplink that was decoded twice within the block: its later decoding does not give this value any more.
    const retracted = tomb?.block === block && tomb.uplink === uplink && revision < tomb.revision;
    if (retracted || (key.exists && !wins(uplink, revision, key))) {
      counts.duplicates++;
      return;
    }
    if (!key.exists) {
      counts.readings++;
      this.#own(key, at, value, uplink, revision);
      return;
    }
    const changesHands = !isOwner(uplink, revision, key);
    if (value === key.value) {
      counts.duplicates++;
      // The same value from a newer uplink: it is the owner now, or a retraction by the older one would take it away.
      if (!changesHands || isForgotten(key)) return;
    } else counts.corrections++;
    this.#remove(key);
    key.contested ||= changesHands;
    this.#own(key, at, value, uplink, revision);
  }

  #own(key: Key, at: number, value: number, uplink: number, revision: number): void {
    this.accepted[at] = 1;
    this.contested[at] = key.contested ? 1 : 0;
    Object.assign(key, { row: at, exists: true, value, uplinks: { from: uplink, to: uplink }, revision });
  }

  #remove(key: Key): void {
    if (key.row >= 0) this.accepted[key.row] = 0;
    else if (key.stored) key.replaced = true;
    key.row = -1;
  }

  #settleNewest(): void {
    for (const key of this.keys.values()) {
      if (key.time !== this.#dictionary.workTime[key.series]) continue;
      if (!key.exists) this.vanished.push(key.series);
      else if (key.row >= 0) this.newest.set(key.series, key.row);
    }
  }

  #countsOf(owner: string): StoreCounts {
    let counts = this.counts.get(owner);
    if (!counts) {
      counts = { ...NO_STORE_COUNTS };
      this.counts.set(owner, counts);
    }
    return counts;
  }
}

export function keyName(series: number, time: number): string {
  return `${series}:${time}`;
}

// For one instant the higher uplink offset wins, then the higher revision; of one uplink and revision, the later row.
function wins(uplink: number, revision: number, key: Key): boolean {
  if (uplink < key.uplinks.from) return false;
  if (uplink > key.uplinks.to) return true;
  return isLater(revision, key) || revision >= key.revision;
}

// Where the owner is known only about (see docs/decisions: sealed rows): what is decoded for the first time comes from an
// uplink after all that were decoded before, what is decoded anew is taken to come from the owner.
function isOwner(uplink: number, revision: number, key: Key): boolean {
  return uplink >= key.uplinks.from && uplink <= key.uplinks.to && !isLater(revision, key);
}

function isLater(revision: number, { uplinks }: Key): boolean {
  return revision === 0 && uplinks.from < uplinks.to;
}

function isForgotten({ uplinks }: Key): boolean {
  return uplinks.to === Number.POSITIVE_INFINITY;
}

function checkRows(block: ReadingColumns): void {
  for (let i = 0; i < block.count; i++) {
    if (block.seriesIndex[i]! >= block.series.length) throw new RangeError('series: row of an unnamed series');
    if (!Number.isFinite(block.value[i])) throw new RangeError(`series: value ${block.value[i]} cannot be stored`);
    const time = block.time[i]!;
    if (!Number.isInteger(time) || time < 0 || time >= LAST_TIME)
      throw new RangeError(`series: time ${time} cannot be stored`);
    if (!Number.isSafeInteger(block.uplink[i])) throw new RangeError(`series: uplink offset ${block.uplink[i]}`);
  }
}
