/**
 * Deriving a period again after an attribute was corrected. The raw values are in the store, which may lag or be down, and
 * decode must not wait for it: chunks are fetched in the background, and each batch writes what has arrived.
 *
 *   order ──▶ job in the state ──▶ fetch a chunk of raw values ──▶ next batch: derive, write, progress in the same commit
 */
import { Buffer } from 'node:buffer';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { splitChannel } from '../../knowledge/catalogue/catalogue.ts';
import type { Asset } from '../../model/asset.ts';
import type { AssetType, DerivedQuantity } from '../../model/catalogue.ts';
import type { Directory } from '../../model/directory.ts';
import { MARK, type ReadingWriter, type Retraction } from '../../model/readings.ts';
import type { Points, SeriesStore } from '../../model/series.ts';
import type { Ops } from '../../ops/ops.ts';
import { attributesAt } from './attributes-at.ts';
import type { DeviceMemories } from './device-memory.ts';
import { AHEAD_MS } from './judge-time.ts';
import type { LedgerCounts } from './ledger-counts.ts';

export type History = Pick<SeriesStore, 'position' | 'latest' | 'points'>;

export interface DeriveJobsOptions {
  directory: Directory;
  catalogue: Catalogue;
  series: History;
  memories: DeviceMemories;
  ledger: LedgerCounts;
  ops: Ops;
}

/** As JSON in the state of the stage. */
interface Job {
  id: number;
  asset: string;
  from: number;
  to: number;
  /** The store must have come so far: what was derived before the correction is stored by then. */
  after: number;
  /** Raw series (with channel) still to be gone through, and how far the first of them is. */
  left?: string[];
  at: number;
}

interface Chunk {
  job: Job;
  left: string[];
  /** Absent when there is no series left. */
  series?: string;
  points?: Points;
  /** Series that exist, derived ones included. */
  others: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

const PREFIX = 'derive/';
const CHUNK_ROWS = 5000;
const RETRY_MS = 200;

export class DeriveJobs {
  #options: DeriveJobsOptions;
  #jobs: Job[] = [];
  #changed = new Map<number, Job | undefined>();
  #nextId = 1;
  #fetching: Promise<void> | undefined;
  #ready: Chunk | undefined;
  #retryAt = 0;
  /** Counts restores, so that what was fetched for an earlier life is thrown away. */
  #life = 0;

  constructor(options: DeriveJobsOptions) {
    this.#options = options;
  }

  get idle(): boolean {
    return this.#jobs.length === 0;
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#life++;
    this.#jobs = [];
    this.#changed.clear();
    this.#ready = undefined;
    this.#fetching = undefined;
    for (const [key, bytes] of state)
      if (key.startsWith(PREFIX)) this.#jobs.push(JSON.parse(Buffer.from(bytes).toString()) as Job); // written below
    this.#jobs.sort((a, b) => a.id - b.id);
    this.#nextId = (this.#jobs.at(-1)?.id ?? 0) + 1;
  }

  changes(state: Map<string, Uint8Array | undefined>): void {
    for (const [id, job] of this.#changed)
      state.set(PREFIX + String(id).padStart(12, '0'), job && Buffer.from(JSON.stringify(job)));
    this.#changed.clear();
  }

  add({ asset, from, to }: { asset: string; from: number; to: number }): void {
    const after = this.#options.ledger.totalValues();
    const job: Job = { id: this.#nextId++, asset, from, to: to + AHEAD_MS, after, at: from };
    this.#jobs.push(job);
    this.#changed.set(job.id, job);
  }

  /** Writes what is there, and works on for at most `ms` while more can be had. */
  async run(writer: ReadingWriter, stamp: () => { uplink: number; revision: number; received: number }, ms: number) {
    const end = performance.now() + ms;
    while (!this.idle) {
      if (this.#ready) this.#write(this.#ready, writer, stamp);
      this.#fetch();
      const left = end - performance.now();
      if (this.#ready || this.idle) continue;
      if (left <= 0) return;
      await Promise.race([this.#fetching ?? pause(Math.min(left, RETRY_MS)), pause(left)]);
    }
  }

  #fetch(): void {
    const job = this.#jobs[0];
    if (!job || this.#fetching || this.#ready || performance.now() < this.#retryAt) return;
    const life = this.#life;
    this.#fetching = this.#chunk(job)
      .catch((error: unknown) => {
        this.#options.ops.logger.warn({ err: error, asset: job.asset }, 'unable to read raw values to derive from');
        return undefined;
      })
      .then((chunk) => {
        if (life !== this.#life) return;
        this.#fetching = undefined;
        this.#ready = chunk;
        if (!chunk) this.#retryAt = performance.now() + RETRY_MS;
      });
  }

  /** `undefined` while the store has not come far enough. */
  async #chunk(job: Job): Promise<Chunk | undefined> {
    const { series } = this.#options;
    if ((await series.position()).offset < job.after) return undefined;
    const left = job.left ?? (await this.#rawSeries(job.asset));
    const first = left[0];
    if (first === undefined) return { job, left, others: new Map() };
    const period = { asset: job.asset, from: job.at, to: job.to };
    const points = await series.points({ ...period, quantity: first, limit: CHUNK_ROWS });
    const others = new Map<string, Map<number, number>>();
    const until = points.next ?? job.to;
    for (const name of this.#needsOf(job.asset, first))
      others.set(name, await this.#all({ ...period, to: until }, name));
    return { job, left, series: first, points, others };
  }

  async #all(period: { asset: string; from: number; to: number }, quantity: string): Promise<Map<number, number>> {
    const values = new Map<number, number>();
    let from: number | undefined = period.from;
    while (from !== undefined) {
      const page: Points = await this.#options.series.points({ ...period, from, quantity, limit: CHUNK_ROWS });
      for (const [i, time] of page.time.entries()) values.set(time, page.value[i]!); // columns of one length
      from = page.next;
    }
    return values;
  }

  async #rawSeries(asset: string): Promise<string[]> {
    const sources = new Set(this.#typeOf(asset)?.derived.map((d) => d.from));
    const latest = await this.#options.series.latest([asset]);
    return latest
      .map((l) => l.quantity)
      .filter((name) => sources.has(splitChannel(name)[0]))
      .sort();
  }

  #needsOf(asset: string, series: string): string[] {
    const [plain, channel] = splitChannel(series);
    const names = (this.#typeOf(asset)?.derived ?? []).filter((d) => d.from === plain).flatMap((d) => d.with ?? []);
    return names.flatMap((name) => (channel === '' ? [name] : [`${name}.${channel}`, name]));
  }

  #typeOf(asset: string): AssetType | undefined {
    const { directory, catalogue } = this.#options;
    const found = directory.asset(asset);
    return found && catalogue.assetType(found.type);
  }

  #write(
    chunk: Chunk,
    writer: ReadingWriter,
    stamp: () => { uplink: number; revision: number; received: number },
  ): void {
    this.#ready = undefined;
    const { job, series, points } = chunk;
    let left = chunk.left;
    let at = job.at;
    if (series !== undefined && points) {
      const rows = writer.count;
      try {
        this.#derive(chunk, series, points, writer, stamp());
      } catch (error) {
        // A bug in a formula must not take innocent uplinks with it, nor leave rows that nobody counted.
        writer.rewind(rows);
        this.#options.ops.alerts.raise('derive-failed', `unable to derive ${series} of ${job.asset} again: ${error}`);
        left = [];
      }
      if (points.next === undefined) {
        left = left.slice(1);
        at = job.from;
      } else at = points.next;
    }
    const next = left.length === 0 ? undefined : { ...job, left, at };
    this.#jobs = next ? [next, ...this.#jobs.slice(1)] : this.#jobs.slice(1);
    this.#changed.set(job.id, next);
  }

  /** Retracts and counts at its end: when it throws, only rows have to be taken back. */
  #derive(
    { job, others }: Chunk,
    series: string,
    points: Points,
    writer: ReadingWriter,
    { uplink, revision, received }: { uplink: number; revision: number; received: number },
  ): void {
    const { directory, catalogue, ledger } = this.#options;
    const asset = directory.asset(job.asset);
    const type = asset && catalogue.assetType(asset.type);
    if (!asset || !type) return;
    const [plain, channel] = splitChannel(series);
    const retracted: Retraction[] = [];
    const start = writer.count;
    for (const d of type.derived.filter((d) => d.from === plain)) {
      const quantity = channel === '' ? d.quantity : `${d.quantity}.${channel}`;
      if (this.#reportedItself(asset.id, quantity)) continue;
      const entry = catalogue.quantity(quantity);
      if (!entry) continue;
      const ref = { asset: asset.id, quantity, owner: asset.owner, type: asset.type };
      const index = writer.series(ref);
      const valueAt = formulaOf(d, asset, type, channel, others);
      for (const [i, time] of points.time.entries()) {
        let value = valueAt(time, points.value[i]!); // columns of one length
        let marks = points.marks[i]! | MARK.history; // columns of one length
        if (value === undefined) {
          retracted.push({ asset: asset.id, quantity, owner: asset.owner, time, uplink, revision });
          continue;
        }
        const [low, high] = entry.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        const clamp = entry.clampFrom;
        if (clamp && value >= clamp[0] && value <= clamp[1]) value = Math.min(high, Math.max(low, value));
        else if (value < low || value > high) marks |= MARK.suspect;
        writer.push(index, time, value, received, uplink, revision, marks);
      }
    }
    for (const retraction of retracted) writer.retract(retraction);
    if (writer.count > start) ledger.of(asset.owner).touch().values += writer.count - start;
  }

  /** A device says itself what would be worked out: its word stands. */
  #reportedItself(asset: string, quantity: string): boolean {
    const { directory, memories } = this.#options;
    for (const device of directory.devices()) {
      if (device.assignments.some((a) => a.asset === asset) && memories.get(device.id)?.reports(asset, quantity))
        return true;
    }
    return false;
  }
}

function formulaOf(
  derived: DerivedQuantity,
  asset: Asset,
  type: AssetType,
  channel: string,
  others: ReadonlyMap<string, ReadonlyMap<number, number>>,
): (time: number, value: number) => number | undefined {
  const attributes = attributesAt(asset, type, derived.attributes);
  return (time, value) => {
    const known = attributes?.(time);
    if (!known) return undefined;
    const beside: Record<string, number> = {};
    for (const name of derived.with ?? []) {
      const other = others.get(`${name}.${channel}`)?.get(time) ?? others.get(name)?.get(time);
      if (other === undefined) return undefined;
      beside[name] = other;
    }
    const result = derived.formula(value, known, beside);
    return result !== undefined && Number.isFinite(result) ? result + 0 : undefined;
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
