/** Puts values and hours together into windows by group: what the server cannot do for counters, directions and mixed sources. */
import type { Aggregate, Windows } from '../../../model/series.ts';
import type { Meaning } from '../meaning.ts';
import { cosineOf, type HourFields, sineOf, step } from './hour-fields.ts';

interface Sums {
  count: number;
  total: number;
  low: number;
  high: number;
  first: { time: number; value: number };
  last: { time: number; value: number };
  rise: number;
  sine: number;
  cosine: number;
}

/** A value, or an hour of them, of a counter. */
interface Piece {
  time: number;
  first: number;
  last: number;
  rise: number;
}

export interface FoldOptions {
  /** Width of a window, ms. */
  window: number;
  meaning: Meaning;
  /** Place of the group of a series in `names`. */
  placeOf: ReadonlyMap<number, number>;
  /** Names of the groups, sorted. */
  names: readonly string[];
}

export class WindowFold {
  #options: FoldOptions;
  #windows: Map<number, Sums>[];
  #counters = new Map<number, Piece[]>();

  constructor(options: FoldOptions) {
    this.#options = options;
    this.#windows = options.names.map(() => new Map());
  }

  value(series: number, time: number, value: number): void {
    const circular = this.#options.meaning === 'circular';
    const sine = circular ? sineOf(value) : 0;
    const cosine = circular ? cosineOf(value) : 0;
    this.#add(series, time, {
      count: 1,
      sum: value,
      min: value,
      max: value,
      first: value,
      last: value,
      rise: 0,
      sine,
      cosine,
    });
  }

  /** `time` is the beginning of the hour. */
  hour(series: number, time: number, hour: HourFields): void {
    this.#add(series, time, hour);
  }

  /** Hours of a group that were added up elsewhere; nothing is known of first and last then. */
  group(place: number, time: number, added: { count: number; sum: number; min: number; max: number }): void {
    this.#addTo(place, time, { ...added, first: Number.NaN, last: Number.NaN });
  }

  /** Windows with something in them. `before`: the last value of each counter before the period. */
  finish(aggregates: readonly Aggregate[], before: ReadonlyMap<number, { value: number }>): Windows {
    this.#settleCounters(before);
    const group: string[] = [];
    const time: number[] = [];
    const values = aggregates.map((): number[] => []);
    this.#windows.forEach((windows, place) => {
      for (const [w, sums] of [...windows].sort(([a], [b]) => a - b)) {
        group.push(this.#options.names[place]!); // one map a name
        time.push(w * this.#options.window);
        aggregates.forEach((aggregate, k) => {
          values[k]!.push(this.#figure(aggregate, sums)); // one list an aggregate
        });
      }
    });
    return { group, time: Float64Array.from(time), values: values.map((v) => Float64Array.from(v)) };
  }

  #add(series: number, time: number, h: HourFields): void {
    if (this.#options.meaning === 'counter') {
      const pieces = this.#counters.get(series);
      const piece = { time, first: h.first, last: h.last, rise: h.rise ?? 0 };
      if (pieces) pieces.push(piece);
      else this.#counters.set(series, [piece]);
    }
    this.#addTo(this.#options.placeOf.get(series)!, time, h); // only picked series are read
  }

  #addTo(place: number, time: number, h: HourFields): void {
    const windows = this.#windows[place]!; // one map a group
    const w = Math.floor(time / this.#options.window);
    const sums = windows.get(w);
    if (!sums) {
      windows.set(w, {
        count: h.count,
        total: h.sum,
        low: h.min,
        high: h.max,
        first: { time, value: h.first },
        last: { time, value: h.last },
        rise: 0,
        sine: h.sine ?? 0,
        cosine: h.cosine ?? 0,
      });
      return;
    }
    sums.count += h.count;
    sums.total += h.sum;
    if (h.min < sums.low) sums.low = h.min;
    if (h.max > sums.high) sums.high = h.max;
    if (time < sums.first.time) sums.first = { time, value: h.first };
    if (time >= sums.last.time) sums.last = { time, value: h.last };
    sums.sine += h.sine ?? 0;
    sums.cosine += h.cosine ?? 0;
  }

  /** A step between two values counts in the window of the later one. */
  #settleCounters(before: ReadonlyMap<number, { value: number }>): void {
    for (const [series, pieces] of this.#counters) {
      const windows = this.#windows[this.#options.placeOf.get(series)!]!; // as above
      let last = before.get(series)?.value;
      for (const piece of pieces.sort((a, b) => a.time - b.time)) {
        const sums = windows.get(Math.floor(piece.time / this.#options.window))!; // made when it was added
        sums.rise += piece.rise + step(piece.first, last);
        last = piece.last;
      }
    }
  }

  #figure(aggregate: Aggregate, sums: Sums): number {
    const { meaning } = this.#options;
    switch (aggregate) {
      case 'count':
        return sums.count;
      case 'min':
        return sums.low;
      case 'max':
        return sums.high;
      case 'first':
        return sums.first.value;
      case 'last':
        return sums.last.value;
      case 'sum':
        return meaning === 'counter' ? sums.rise : sums.total;
      case 'avg':
        return meaning === 'circular' ? direction(sums) : sums.total / sums.count;
    }
  }
}

// A mean direction of opposite winds is no direction: the resultant must be longer than rounding.
function direction({ sine, cosine, count }: Sums): number {
  if (Math.hypot(sine, cosine) <= 1e-9 * count) return Number.NaN;
  return ((Math.atan2(sine, cosine) * 180) / Math.PI + 360) % 360;
}
