/**
 * Reading stored frames again through the present version of a codec. Per uplink its values are appended with a higher
 * revision, and a retraction for each key a former version gave and this one does not (semantics: Re-decoding). The uplinks
 * come from the log, so it reaches as far back as the log does.
 *
 *   order ──▶ job in the state ──▶ some uplinks of the log ──▶ both versions in the sandbox ──▶ rows, retractions, progress
 */
import { Buffer } from 'node:buffer';
import type { CodecAnswer, CodecRunner, CodecScript } from '../../model/codec.ts';
import { Unavailable } from '../../model/errors.ts';
import type { Log, Position } from '../../model/log.ts';
import type { Order } from '../../model/order.ts';
import { MARK, ReadingWriter } from '../../model/readings.ts';
import type { RedecodeReport } from '../../model/redecode-report.ts';
import { readUplinks, type Uplink } from '../../model/uplink.ts';
import { attempt } from './attempt.ts';
import { frameFormat } from './frame-format.ts';
import type { Frames, Prepared } from './frames.ts';
import { LAST_REVISION, type Progress } from './progress.ts';
import type { UplinkDecoder } from './uplink-decoder.ts';
import { type ValueKey, valueKeys } from './value-keys.ts';

export interface RedecodeOptions {
  frames: Frames;
  decoder: UplinkDecoder;
  progress: Progress;
  codecs: CodecRunner | undefined;
  log: Pick<Log, 'begin' | 'read'> | undefined;
  /** Every version of a codec, the newest first. */
  versions: ((codec: string) => Promise<readonly CodecScript[]>) | undefined;
}

/** As JSON in the state of the stage. */
interface Job extends RedecodeReport {
  devices?: readonly string[];
  /** Where to go on; absent before the first chunk. */
  next?: Position;
  /** Uplinks from here on came after the order, and were read by the new version at once. */
  until: number;
  revision: number;
}

const PREFIX = 'redecode/';
const NUMBER = 'redecode-number';
/** A chunk: so much of the log is looked at, and so many frames at most are read again, in one go. */
const CHUNK_BYTES = 256 * 1024;
const CHUNK_FRAMES = 200;
/** Revisions of rejects that were tried again stay below. */
const FIRST_REVISION = 1000;
/** Former versions whose keys are looked for. */
const MOST_VERSIONS = 20;
/** A codec that is set aside runs again after a minute; until then the job stands. */
const PAUSE_MS = 15_000;
const KEPT_JOBS = 100;

export class RedecodeJobs {
  #o: RedecodeOptions;
  #jobs = new Map<string, Job>();
  #changed = new Set<string>();
  #number = 0;
  /** Monotonic ms: until then nothing is done. */
  #pausedUntil = 0;

  constructor(options: RedecodeOptions) {
    this.#o = options;
  }

  get idle(): boolean {
    return !this.#running();
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#jobs.clear();
    this.#changed.clear();
    const number = state.get(NUMBER);
    this.#number = number ? Number(Buffer.from(number).toString()) : 0;
    for (const [key, bytes] of state)
      if (key.startsWith(PREFIX))
        this.#jobs.set(key.slice(PREFIX.length), JSON.parse(Buffer.from(bytes).toString()) as Job); // written below
  }

  changes(state: Map<string, Uint8Array | undefined>): void {
    if (this.#changed.size === 0) return;
    for (const id of this.#changed) {
      const job = this.#jobs.get(id);
      state.set(PREFIX + id, job && Buffer.from(JSON.stringify(job)));
    }
    state.set(NUMBER, Buffer.from(String(this.#number)));
    this.#changed.clear();
  }

  add({ id, codec, from, to, devices }: Extract<Order, { kind: 'redecode' }>, at: number): void {
    if (this.#jobs.has(id)) return;
    const revision = Math.min(FIRST_REVISION + ++this.#number, LAST_REVISION);
    const until = this.#o.progress.end;
    const counts = { looked: 0, read: 0, failed: 0, values: 0, retracted: 0 };
    const rest = { until, revision, state: 'running' as const, orderedAt: at, ...(devices && { devices }) };
    this.#put({ id, codec, from, to, ...counts, ...rest });
    for (const old of [...this.#jobs.values()].slice(0, -KEPT_JOBS)) {
      if (old.state === 'running') continue;
      this.#jobs.delete(old.id);
      this.#changed.add(old.id);
    }
  }

  cancel(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.state === 'running') this.#put({ ...job, state: 'cancelled', endedAt: this.#o.progress.clock });
  }

  /** Of one codec, the newest first. */
  list(codec: string): RedecodeReport[] {
    return [...this.#jobs.values()]
      .filter((j) => j.codec === codec)
      .reverse()
      .map(({ devices: _d, next: _n, until: _u, revision: _r, ...report }) => report);
  }

  /** Works on for about `ms`; at least one chunk. @throws Unavailable when log or sandbox are away. */
  async run(writer: ReadingWriter, ms: number): Promise<void> {
    const end = performance.now() + ms;
    for (let job = this.#running(); job; job = this.#running()) {
      await this.#chunk(job, writer);
      if (performance.now() >= end) return;
    }
  }

  #running(): Job | undefined {
    if (performance.now() < this.#pausedUntil) return undefined;
    for (const job of this.#jobs.values()) if (job.state === 'running') return job;
    return undefined;
  }

  #put(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#changed.add(job.id);
  }

  async #chunk(job: Job, writer: ReadingWriter): Promise<void> {
    const { log, versions, codecs, progress } = this.#o;
    const ended = { state: 'done' as const, endedAt: progress.clock };
    if (!log || !versions || !codecs) return this.#put({ ...job, ...ended });
    const scripts = await versions(job.codec);
    const blocks = await log.read('uplinks', await this.#start(job, log), CHUNK_BYTES);
    let position = job.next;
    const chosen: { u: Uplink; offset: number }[] = [];
    let looked = 0;
    let over = blocks.length === 0;
    read: for (const block of blocks) {
      const skip = position?.seq === block.seq ? position.offset - block.first : 0;
      for (const [i, u] of readUplinks(block.body, skip, block.count).entries()) {
        const offset = block.first + skip + i;
        over = offset >= job.until || u.receivedAt >= job.to; // receipt times never go back
        if (over || chosen.length >= CHUNK_FRAMES) break read;
        looked++;
        position = { seq: block.seq, offset: offset + 1 };
        if (u.receivedAt >= job.from && u.kind !== 'status') chosen.push({ u, offset });
      }
      position = { seq: block.seq + 1, offset: block.first + block.count };
    }
    const rows = writer.count;
    const counted = await this.#readAgain(job, scripts, chosen, writer);
    if (!counted) {
      writer.rewind(rows);
      this.#pausedUntil = performance.now() + PAUSE_MS;
      return;
    }
    this.#put({
      ...job,
      ...(position && { next: position }),
      ...(over && ended),
      looked: job.looked + looked,
      read: job.read + counted.read,
      failed: job.failed + counted.failed,
      values: job.values + counted.values,
      retracted: job.retracted + counted.retracted,
    });
  }

  /** Retention may have overtaken where the job stood. */
  async #start({ next }: Job, log: Pick<Log, 'begin'>): Promise<Position> {
    const begin = await log.begin('uplinks');
    return next && next.seq >= begin.seq ? next : begin;
  }

  async #readAgain(
    job: Job,
    scripts: readonly CodecScript[],
    chosen: readonly { u: Uplink; offset: number }[],
    writer: ReadingWriter,
  ) {
    const counts = { read: 0, failed: 0, values: 0, retracted: 0 };
    const prepared = await this.#o.frames.prepare(
      chosen.map(({ u }) => u),
      job.codec,
    );
    const affected = chosen.flatMap(({ u, offset }, i) => {
      const p = prepared.get(i);
      return p && this.#concerns(job, p, u.receivedAt) ? [{ u, offset, p }] : [];
    });
    if (affected.length === 0) return counts;
    const present = scripts[0];
    const former = scripts.slice(1, 1 + MOST_VERSIONS);
    const before = await this.#keysOf(former, affected);
    const isAside = (answer: CodecAnswer | undefined) => answer?.kind === 'set-aside';
    if (!before || affected.some(({ p }) => isAside(p.answer))) return undefined;
    this.#o.decoder.batch(writer);
    for (const [i, { u, offset, p }] of affected.entries()) {
      const keys = before[i]!; // one a frame
      // It was rejected then, and is among the rejects: trying those again is what counts it.
      if (former.length > 0 && keys.size === 0) continue;
      const start = writer.count;
      const answer = p.answer?.kind === 'decoded' || !present ? p.answer : undefined;
      const rows = answer ? this.#decode(u, offset, p, present, answer, job.revision) : 0;
      if (rows === 0) {
        counts.failed++;
        continue;
      }
      this.#o.decoder.count();
      counts.read++;
      counts.values += rows;
      const given = valueKeys(writer, start);
      for (const [key, value] of keys) {
        if (given.has(key)) continue;
        writer.retract({ ...value, uplink: offset, revision: job.revision });
        counts.retracted++;
      }
    }
    return counts;
  }

  #concerns(job: Job, { plan, frame, message }: Prepared, receivedAt: number): boolean {
    if (!frame || frame.bytes.byteLength === 0 || 'reason' in plan || message?.simulated) return false;
    // Without a time of its own nobody can tell a repetition from a new measurement, nor which time it was given.
    if (message?.time === undefined) return false;
    // What came before the device was registered was rejected then, and is tried again as a reject.
    if (receivedAt < plan.device.registeredAt) return false;
    if (job.devices && !job.devices.includes(plan.device.id)) return false;
    return plan.codec?.kind === 'script' && plan.codec.script.id === job.codec;
  }

  /** What former versions made of the frames: key of each value → the retraction of it. */
  async #keysOf(former: readonly CodecScript[], affected: readonly { u: Uplink; offset: number; p: Prepared }[]) {
    const { codecs, decoder } = this.#o;
    const keys = affected.map(() => new Map<string, ValueKey>());
    for (const script of former) {
      const jobs = affected.map(({ p }) => ({ script, owner: ownerOf(p), frame: p.frame! })); // `concerns` asks for it
      let answers: CodecAnswer[];
      try {
        answers = (await codecs?.decode(jobs)) ?? [];
      } catch (cause) {
        throw new Unavailable('decode: the sandbox of the codecs does not answer', { cause });
      }
      for (const [i, { u, offset, p }] of affected.entries()) {
        const answer = answers[i];
        if (answer?.kind === 'set-aside') return undefined;
        if (answer?.kind !== 'decoded') continue;
        const scratch = new ReadingWriter();
        decoder.batch(scratch);
        if (this.#decode(u, offset, p, script, answer, 0) === 0) continue;
        for (const [key, value] of valueKeys(scratch)) keys[i]!.set(key, value); // one a frame
        decoder.undo();
      }
    }
    return keys;
  }

  #decode(
    u: Uplink,
    offset: number,
    p: Prepared,
    script: CodecScript | undefined,
    answer: CodecAnswer,
    revision: number,
  ) {
    if ('reason' in p.plan || !p.frame) return 0;
    const codec = script && ({ kind: 'script', script } as const);
    const format = frameFormat({ frame: p.frame, codec, answer, up: p.message?.up, time: p.message?.time });
    const { clock } = this.#o.progress;
    // Without a time of its own it keeps the one it was given: the receipt time.
    const how = { offset, revision, marks: MARK.history, clock, ownTime: u.receivedAt };
    return attempt(this.#o.decoder, u, p.plan, how, format).rows;
  }
}

function ownerOf({ plan }: Prepared): string {
  return 'reason' in plan ? '' : plan.device.owner;
}
