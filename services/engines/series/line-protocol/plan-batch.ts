/** What a decided batch means for a server of line protocol: which lines to send, what to remove, which hours become dirty. */
import type { Decision } from '../decide.ts';
import type { Newest, SeriesDictionary } from '../dictionary.ts';
import type { DirtyHours } from './dirty-hours.ts';
import { encodePoint, seriesKey } from './encode-lines.ts';
import type { Body, Removal, Verdict } from './journal-records.ts';
import { ELSEWHERE, type LineServer } from './line-server.ts';

const HOUR = 3_600_000;
// InfluxData advises 5,000 lines a request (docs.influxdata.com/influxdb/v2/write-data/best-practices/optimize-writes/).
const BODY_LINES = 5000;

export interface BatchPlan {
  bodies: Body[];
  removals: Removal[];
  newest: [number, Newest][];
  /** Those that were clean. */
  dirty: [hour: number, series: number][];
}

export interface PlanParts {
  decision: Decision;
  dictionary: SeriesDictionary;
  dirty: DirtyHours;
  /** What lines of a series begin with, kept from batch to batch. */
  keys: SeriesKeys;
  server: Pick<LineServer, 'removals'>;
}

/** @throws RangeError for a name that no line can hold. */
export function planBatch({ decision, dictionary, dirty, keys, server }: PlanParts): BatchPlan {
  const soiled = new Soiled(dirty);
  const removed: { series: number; time: number }[] = [];
  const verdicts = new Map<number, Verdict>();
  for (const key of decision.keys.values()) {
    const { stored } = key;
    if (key.row >= 0) verdicts.set(key.row, !stored ? 'r' : stored.value === key.value ? 's' : 'c');
    if (!key.replaced || (key.exists && stored?.generation !== ELSEWHERE)) continue;
    removed.push(key);
    soiled.add(key.series, key.time);
  }
  const bodies = new BodyBuilder();
  const { accepted, series } = decision;
  let at = 0;
  for (const block of decision.blocks)
    for (let i = 0; i < block.count; i++, at++) {
      if (accepted[at] === 0) continue;
      const id = series[at]!;
      const time = block.time[i]!;
      const point = {
        value: block.value[i]! + 0, // -0 is stored as 0: there is no such reading
        received: block.received[i]!,
        uplink: block.uplink[i]!,
        revision: block.revision[i]!,
        marks: block.marks[i]!,
      };
      bodies.add(encodePoint(keys.of(id), point, time), id, verdicts.get(at) ?? 'r');
      soiled.add(id, time);
    }
  const newest = [...decision.newest].map(([id, row]): [number, Newest] => [id, decision.rowAt(row)]);
  const gone = new Set(decision.vanished);
  return {
    bodies: bodies.finish(),
    removals: server.removals(removed),
    newest: newest.filter(([id]) => !gone.has(id) && dictionary.refs[id] !== undefined),
    dirty: soiled.found,
  };
}

/** The beginning of each series' lines: escaping it once saves most of the work of encoding. */
export class SeriesKeys {
  #dictionary: SeriesDictionary;
  #keys: { key: string; ref: unknown }[] = [];

  constructor(dictionary: SeriesDictionary) {
    this.#dictionary = dictionary;
  }

  of(id: number): string {
    const ref = this.#dictionary.refs[id]!; // numbers of series come from the dictionary
    const known = this.#keys[id];
    if (known?.ref === ref) return known.key;
    const key = seriesKey(ref.type, ref);
    this.#keys[id] = { key, ref }; // a moved asset has another ref
    return key;
  }
}

class Soiled {
  readonly found: [hour: number, series: number][] = [];
  #dirty: DirtyHours;
  #last = new Map<number, number>();

  constructor(dirty: DirtyHours) {
    this.#dirty = dirty;
  }

  add(series: number, time: number): void {
    const hour = Math.floor(time / HOUR);
    if (this.#last.get(series) === hour) return; // one after the other, as a series grows
    this.#last.set(series, hour);
    if (!this.#dirty.has(hour, series)) this.found.push([hour, series]);
  }
}

class BodyBuilder {
  #bodies: Body[] = [];
  #lines: string[] = [];
  #series = new Int32Array(BODY_LINES);
  /** Of lines that are no readings, by their place. */
  #others = new Map<number, Verdict>();

  add(line: string, series: number, verdict: Verdict): void {
    if (verdict !== 'r') this.#others.set(this.#lines.length, verdict);
    this.#series[this.#lines.length] = series;
    this.#lines.push(line);
    if (this.#lines.length === BODY_LINES) this.#close();
  }

  finish(): Body[] {
    if (this.#lines.length > 0) this.#close();
    return this.#bodies;
  }

  #close(): void {
    const n = this.#lines.length;
    const verdicts = 'r'.repeat(n);
    this.#bodies.push({
      lines: this.#lines.join('\n'),
      verdicts: this.#others.size === 0 ? verdicts : Array.from(verdicts, (r, i) => this.#others.get(i) ?? r).join(''),
      series: this.#series.subarray(0, n),
    });
    this.#lines = [];
    this.#series = new Int32Array(BODY_LINES);
    this.#others = new Map();
  }
}
