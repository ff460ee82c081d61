/** Every series there is, by number, and the newest value of each: what makes "newer than the newest" and `latest` free of look-ups. */
import type { SeriesRef } from '../../model/readings.ts';
import type { LatestValue } from '../../model/series.ts';

/** The newest value of a series and who gave it. */
export interface Newest {
  time: number;
  value: number;
  received: number;
  marks: number;
  uplink: number;
  revision: number;
}

export class SeriesDictionary {
  readonly refs: SeriesRef[] = [];
  /** Newest time of each series as the batch at work sees it; -Infinity where it has no value. */
  workTime = new Float64Array(1024).fill(Number.NEGATIVE_INFINITY);
  /** The newest values as last committed: what readers see. */
  readonly newest: (Newest | undefined)[] = [];
  /** Series whose row in the table is out of date, new ones included. */
  readonly unsaved = new Set<number>();
  /** Types of an asset before it was moved: where an engine keeps types and owners apart, older values lie there. */
  #former = new Map<number, string[]>();
  /** By asset, then quantity: no key has to be put together for a look-up. */
  #ids = new Map<string, Map<string, number>>();
  #saved = 0;
  #quantities = new Set<string>();

  get size(): number {
    return this.refs.length;
  }

  /** All quantities, without channels. */
  quantities(): string[] {
    return [...this.#quantities];
  }

  /** How many series, counted from 0, have a row in the table. */
  get saved(): number {
    return this.#saved;
  }

  find(asset: string, quantity: string): number | undefined {
    return this.#ids.get(asset)?.get(quantity);
  }

  ofAsset(asset: string): number[] {
    return [...(this.#ids.get(asset)?.values() ?? [])];
  }

  /** The number of a series, a new one where it is new. Owner and type follow what was written last. */
  idFor(ref: SeriesRef): number {
    const id = this.find(ref.asset, ref.quantity);
    if (id === undefined) return this.#add(ref);
    const known = this.refs[id]!; // ids come from #add
    if (known.owner !== ref.owner || known.type !== ref.type) {
      this.#former.set(id, [...new Set([...this.formerTypes(id), known.type])]);
      this.refs[id] = ref;
      this.unsaved.add(id);
    }
    return id;
  }

  /** Every type the asset of a series had under a former type or owner; empty when it was never moved. */
  formerTypes(id: number): readonly string[] {
    return this.#former.get(id) ?? [];
  }

  /** A series read back from the table. They come in order of their numbers. */
  load(ref: SeriesRef, formerTypes: readonly string[] = []): void {
    const id = this.#add(ref);
    if (formerTypes.length > 0) this.#former.set(id, [...formerTypes]);
    this.markSaved();
  }

  markSaved(): void {
    this.unsaved.clear();
    this.#saved = this.refs.length;
  }

  /** Makes a value the newest of its series for readers and for the next batch; `undefined` when none is left. */
  publish(id: number, newest: Newest | undefined): void {
    this.newest[id] = newest;
    this.workTime[id] = newest ? newest.time : Number.NEGATIVE_INFINITY;
  }

  /** Back to what was committed, after a batch failed. */
  forget(id: number): void {
    this.workTime[id] = this.newest[id]?.time ?? Number.NEGATIVE_INFINITY;
  }

  latest(assets?: readonly string[]): LatestValue[] {
    const values: LatestValue[] = [];
    const push = (id: number): void => {
      const n = this.newest[id];
      if (!n) return;
      const { asset, quantity } = this.refs[id]!; // ids come from #add
      values.push({ asset, quantity, time: n.time, value: n.value, received: n.received, marks: n.marks });
    };
    if (assets) for (const asset of assets) this.ofAsset(asset).forEach(push);
    else for (let id = 0; id < this.refs.length; id++) push(id);
    return values;
  }

  #add(ref: SeriesRef): number {
    const id = this.refs.length;
    if (id === this.workTime.length) {
      const larger = new Float64Array(id * 2).fill(Number.NEGATIVE_INFINITY);
      larger.set(this.workTime);
      this.workTime = larger;
    }
    this.refs.push(ref);
    this.#quantities.add(baseOf(ref.quantity));
    this.newest.push(undefined);
    const ofAsset = this.#ids.get(ref.asset);
    if (ofAsset) ofAsset.set(ref.quantity, id);
    else this.#ids.set(ref.asset, new Map([[ref.quantity, id]]));
    this.unsaved.add(id);
    return id;
  }
}

/** A quantity without its channel. */
export function baseOf(quantity: string): string {
  return quantity.split('.', 1)[0]!; // splitting gives at least one
}
