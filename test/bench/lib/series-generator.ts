/**
 * Readings as sensors give them, from a seed: one value an asset every 15 minutes ± 30 s, to the millisecond, a random
 * walk in tenths. Blocks come in the order of receipt, as decode writes them.
 */
import type { ReadingColumns, SeriesRef } from '../../../services/model/readings.ts';

export interface GeneratorOptions {
  rows: number;
  assets: number;
  /** Rows of a block. */
  block: number;
  seed: number;
  /** Time of the first reading, epoch ms. */
  start: number;
}

export const STEP_MS = 15 * 60_000;
const JITTER_MS = 30_000;
const LATENCY_MS = 300;
const OWNERS = 16;

/** mulberry32: small, fast and the same everywhere. */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function seriesRefs(assets: number): SeriesRef[] {
  return Array.from({ length: assets }, (_, i) => ({
    asset: `asset-${i}`,
    quantity: 'fillingLevel',
    owner: `owner-${i % OWNERS}`,
    type: 'waste-container',
  }));
}

export function* generateReadings({ rows, assets, block, seed, start }: GeneratorOptions): Generator<ReadingColumns> {
  const next = random(seed);
  const series = seriesRefs(assets);
  const tenths = Int32Array.from(series, () => Math.floor(next() * 1000));
  let columns = emptyColumns(series, Math.min(block, rows));
  let i = 0;
  for (let n = 0; n < rows; n += assets) {
    const step = oneStep(next, assets, start + (n / assets) * STEP_MS);
    for (let k = 0; k < Math.min(assets, rows - n); k++) {
      const asset = step.order[k]!;
      const walked = tenths[asset]! + Math.floor(next() * 11) - 5;
      tenths[asset] = Math.min(1000, Math.max(0, walked));
      columns.seriesIndex[i] = asset;
      columns.time[i] = step.time[asset]!;
      columns.value[i] = tenths[asset]! / 10;
      columns.received[i] = step.time[asset]! + LATENCY_MS;
      columns.uplink[i] = n + k;
      if (++i < columns.count) continue;
      yield columns;
      i = 0;
      columns = emptyColumns(series, Math.min(block, rows - n - k - 1));
    }
  }
}

/** When each asset measures in one quarter of an hour, around a moment of its own, and the order they arrive in. */
function oneStep(next: () => number, assets: number, start: number): { time: Float64Array; order: Uint32Array } {
  const time = new Float64Array(assets);
  const keys = new Float64Array(assets);
  for (let asset = 0; asset < assets; asset++) {
    const due = Math.floor((asset * STEP_MS) / assets) + Math.floor((next() * 2 - 1) * JITTER_MS);
    time[asset] = start + due;
    // Time and asset in one number, so that sorting needs no comparison function.
    keys[asset] = (due + JITTER_MS) * 2 ** 20 + asset;
  }
  const order = Uint32Array.from(keys.sort(), (key) => key % 2 ** 20);
  return { time, order };
}

function emptyColumns(series: SeriesRef[], count: number): ReadingColumns {
  return {
    count,
    series,
    seriesIndex: new Uint32Array(count),
    time: new Float64Array(count),
    value: new Float64Array(count),
    received: new Float64Array(count),
    uplink: new Float64Array(count),
    revision: new Uint16Array(count),
    marks: new Uint8Array(count),
    retractions: [],
    ticks: [],
  };
}
