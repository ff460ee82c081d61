/**
 * Readings as they travel from decode to store, rules and live: columns, not objects. A block names each series once and
 * then holds one row a value, so that three stages can each take a hundred thousand values a second from it.
 */
import { Buffer } from 'node:buffer';

/** Marks of a reading; independent of each other, so bits. See semantics: Time. */
export const MARK = {
  /** The device's clock was out of bounds; the receipt time is used. */
  clock: 1,
  /** Received more than 24 h after it was measured. */
  late: 2,
  /** Outside the hard range of its quantity. */
  suspect: 4,
  /** Not for rules: entered by an operator, or derived or decoded anew from history. Internal, charts do not show it. */
  history: 8,
  /** No device measured it: somebody tried in the console of a network server. */
  test: 16,
} as const;

export type MarkName = 'clock' | 'late' | 'suspect' | 'test';

export function markNames(marks: number): MarkName[] {
  const names: MarkName[] = [];
  if (marks & MARK.clock) names.push('clock');
  if (marks & MARK.late) names.push('late');
  if (marks & MARK.suspect) names.push('suspect');
  if (marks & MARK.test) names.push('test');
  return names;
}

/**
 * A series, as a block names it: `quantity` is with its channel, `temperature.2`. Owner and type are the asset's. A block
 * may name one more than once, where two devices feed it.
 */
export interface SeriesRef {
  asset: string;
  quantity: string;
  owner: string;
  type: string;
}

/** A key an earlier decoding of an uplink gave and the newest does not. Takes no offset in the stream. */
export interface Retraction {
  asset: string;
  quantity: string;
  owner: string;
  time: number;
  uplink: number;
  revision: number;
}

/** `count` rows; row i is the reading with the stream offset `block.first + i`. */
export interface ReadingColumns {
  count: number;
  series: SeriesRef[];
  /** Index into `series`. */
  seriesIndex: Uint32Array;
  /** When it was measured, epoch ms. */
  time: Float64Array;
  value: Float64Array;
  /** When we received it, epoch ms. */
  received: Float64Array;
  /** Offset of the uplink it came from. For one instant the higher uplink wins, then the higher revision. */
  uplink: Float64Array;
  revision: Uint16Array;
  /** Bits of MARK. */
  marks: Uint8Array;
  retractions: Retraction[];
  /** Receipt times of the ticks ingest appended: proof that we were listening. Ascending. */
  ticks: number[];
}

/** Grows column by column while a batch is decoded. */
export class ReadingWriter {
  #series: SeriesRef[] = [];
  #indexOf = new Map<SeriesRef, number>();
  #capacity = 1024;
  #seriesIndex = new Uint32Array(1024);
  #time = new Float64Array(1024);
  #value = new Float64Array(1024);
  #received = new Float64Array(1024);
  #uplink = new Float64Array(1024);
  #revision = new Uint16Array(1024);
  #marks = new Uint8Array(1024);
  #retractions: Retraction[] = [];
  #ticks: number[] = [];
  count = 0;

  /** The index of a series for `push`; the same for the same object. */
  series(ref: SeriesRef): number {
    let index = this.#indexOf.get(ref);
    if (index === undefined) {
      index = this.#series.length;
      this.#series.push(ref);
      this.#indexOf.set(ref, index);
    }
    return index;
  }

  push(
    series: number,
    time: number,
    value: number,
    received: number,
    uplink: number,
    revision: number,
    marks: number,
  ): void {
    if (this.count === this.#capacity) this.#grow();
    const i = this.count++;
    this.#seriesIndex[i] = series;
    this.#time[i] = time;
    this.#value[i] = value;
    this.#received[i] = received;
    this.#uplink[i] = uplink;
    this.#revision[i] = revision;
    this.#marks[i] = marks;
  }

  /** Forgets the rows after `count`: an uplink that turned out to be bad half-way leaves nothing behind. */
  rewind(count: number): void {
    this.count = count;
  }

  retract(retraction: Retraction): void {
    this.#retractions.push(retraction);
  }

  tick(at: number): void {
    this.#ticks.push(at);
  }

  get empty(): boolean {
    return this.count === 0 && this.#retractions.length === 0 && this.#ticks.length === 0;
  }

  columns(): ReadingColumns {
    const n = this.count;
    return {
      count: n,
      series: this.#series,
      seriesIndex: this.#seriesIndex.subarray(0, n),
      time: this.#time.subarray(0, n),
      value: this.#value.subarray(0, n),
      received: this.#received.subarray(0, n),
      uplink: this.#uplink.subarray(0, n),
      revision: this.#revision.subarray(0, n),
      marks: this.#marks.subarray(0, n),
      retractions: this.#retractions,
      ticks: this.#ticks,
    };
  }

  #grow(): void {
    this.#capacity *= 2;
    const grow = <T extends Uint32Array | Float64Array | Uint16Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#seriesIndex = grow(this.#seriesIndex, new Uint32Array(this.#capacity));
    this.#time = grow(this.#time, new Float64Array(this.#capacity));
    this.#value = grow(this.#value, new Float64Array(this.#capacity));
    this.#received = grow(this.#received, new Float64Array(this.#capacity));
    this.#uplink = grow(this.#uplink, new Float64Array(this.#capacity));
    this.#revision = grow(this.#revision, new Uint16Array(this.#capacity));
    this.#marks = grow(this.#marks, new Uint8Array(this.#capacity));
  }
}

// Body: u32 rows · u32 bytes of the head · head · padding to 8 · the columns, widest first, so each starts aligned.
// Head (UTF-8): ticks joined by ',' · '\n' · retractions as JSON · '\n' · one series a line, its four ids joined by '\t'.

export function encodeReadings(c: ReadingColumns): Buffer {
  const series = c.series.map((s) => `${s.asset}\t${s.quantity}\t${s.owner}\t${s.type}`).join('\n');
  const head = Buffer.from(
    `${c.ticks.join(',')}\n${c.retractions.length ? JSON.stringify(c.retractions) : ''}\n${series}`,
  );
  const columnsAt = align8(8 + head.byteLength);
  const n = c.count;
  const bytes = Buffer.alloc(columnsAt + n * (8 * 4 + 4 + 2 + 1));
  bytes.writeUInt32LE(n, 0);
  bytes.writeUInt32LE(head.byteLength, 4);
  head.copy(bytes, 8);
  let at = columnsAt;
  for (const column of [c.time, c.value, c.received, c.uplink, c.seriesIndex, c.revision, c.marks]) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return bytes;
}

export function decodeReadings(body: Uint8Array): ReadingColumns {
  const { head, ...columns } = decodeColumns(body);
  const [ticks = '', retractions = '', ...lines] = head.toString().split('\n');
  return {
    ...columns,
    ticks: ticks === '' ? [] : ticks.split(',').map(Number),
    retractions: retractions === '' ? [] : (JSON.parse(retractions) as Retraction[]), // written by encodeReadings
    series: lines.filter((line) => line !== '').map(readSeries),
  };
}

/** The rows of a body, and of its series only those of `assets`, by their index. */
export type ReadingsOf = Omit<ReadingColumns, 'series' | 'ticks' | 'retractions'> & { series: Map<number, SeriesRef> };

/**
 * For who wants little of much: looks for the assets in the bytes of the head instead of taking it apart, which is many
 * times cheaper. `undefined` when there is nothing of them.
 */
export function decodeReadingsOf(body: Uint8Array, assets: readonly string[]): ReadingsOf | undefined {
  if (body.byteLength < 8) return undefined; // a block that carries only time has no body
  const b = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const head = b.subarray(8, 8 + b.readUInt32LE(4));
  const starts = assets.flatMap((asset) => lineStarts(head, asset)).sort((x, y) => x - y);
  if (starts.length === 0) return undefined;
  const series = new Map<number, SeriesRef>();
  let line = 0;
  let at = 0; // where `line` begins
  for (const start of starts) {
    for (; at < start; line++) at = head.indexOf(NEWLINE, at) + 1;
    const end = head.indexOf(NEWLINE, start);
    series.set(line - 2, readSeries(head.toString('utf8', start, end < 0 ? head.length : end))); // after ticks and retractions
  }
  const { head: _, ...columns } = decodeColumns(body);
  return { ...columns, series };
}

const NEWLINE = 10;

/** Where the lines begin whose first field is `asset`. */
function lineStarts(head: Buffer, asset: string): number[] {
  const starts: number[] = [];
  const needle = Buffer.from(`\n${asset}\t`);
  for (let at = head.indexOf(needle); at >= 0; at = head.indexOf(needle, at + 1)) starts.push(at + 1);
  return starts;
}

function decodeColumns(body: Uint8Array) {
  // Typed arrays must start aligned; a block read from disk may not, so it is copied once.
  const aligned = body.byteOffset % 8 === 0 ? body : new Uint8Array(body);
  const b = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  const n = b.readUInt32LE(0);
  const headBytes = b.readUInt32LE(4);
  let at = aligned.byteOffset + align8(8 + headBytes);
  const take = (width: number): number => {
    at += n * width;
    return at - n * width;
  };
  const buffer = aligned.buffer;
  return {
    count: n,
    head: b.subarray(8, 8 + headBytes),
    time: new Float64Array(buffer, take(8), n),
    value: new Float64Array(buffer, take(8), n),
    received: new Float64Array(buffer, take(8), n),
    uplink: new Float64Array(buffer, take(8), n),
    seriesIndex: new Uint32Array(buffer, take(4), n),
    revision: new Uint16Array(buffer, take(2), n),
    marks: new Uint8Array(buffer, take(1), n),
  };
}

/**
 * The series of lines read lately. Each block names its series anew, thousands of times a second the same ones: the strings
 * made once have their hashes, and whoever looks them up next finds them by identity.
 */
const known = new Map<string, SeriesRef>();
const MOST_KNOWN = 100_000;

function readSeries(line: string): SeriesRef {
  const ref = known.get(line);
  if (ref) return ref;
  const [asset = '', quantity = '', owner = '', type = ''] = line.split('\t');
  const made = Object.freeze({ asset, quantity, owner, type });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(line, made);
  return made;
}

function align8(n: number): number {
  return (n + 7) & ~7;
}
