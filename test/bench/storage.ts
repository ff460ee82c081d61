/**
 * Storage at the level of the series port: `node test/bench/storage.ts --rows 100000000 [--dir D] [--load 5000]`. Loads the
 * seeded readings, compacts, measures the folder and the three questions of the storage target, alone and, with `--load`,
 * while that many values a second are being written. Prints one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { openDuckdbSeries } from '../../services/engines/series/duckdb/duckdb-series.ts';
import type { SeriesStore } from '../../services/model/series.ts';
import { generateReadings, random, STEP_MS, seriesRefs } from './lib/series-generator.ts';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    assets: { type: 'string', default: '10000' },
    block: { type: 'string', default: '20000' },
    load: { type: 'string', default: '0' },
    dir: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const ROWS = Number(args.rows);
const ASSETS = Number(args.assets);
const DAY = 86_400_000;
const steps = Math.ceil(ROWS / ASSETS);
const END = Date.UTC(2026, 5, 20);
const START = END - steps * STEP_MS;

const dir = args.dir ?? (await mkdtemp(join(tmpdir(), 'storage-bench-')));
const logger = pino({ level: 'warn' });
let store = await openDuckdbSeries({ dir, logger });
const resumed = (await store.position()).offset;
const result: Record<string, unknown> = {
  machine: { cpus: cpus().length, node: process.version },
  rows: ROWS,
  assets: ASSETS,
};

let seq = 1;
if (resumed === 0) {
  const begun = performance.now();
  const slowest: number[] = [];
  let offset = 0;
  for (const block of generateReadings({
    rows: ROWS,
    assets: ASSETS,
    block: Number(args.block),
    seed: 1,
    start: START,
  })) {
    offset += block.count;
    const at = performance.now();
    await store.write([block], { seq: ++seq, offset });
    slowest.push(performance.now() - at);
  }
  result.load = {
    rowsPerSecond: Math.round(ROWS / ((performance.now() - begun) / 1000)),
    batchMs: percentiles(slowest),
  };
  const compacting = performance.now();
  await store.maintain(END + 2 * DAY);
  // A second start after the last hot rows were sealed leaves the file as small as it gets.
  await store.close();
  store = await openDuckdbSeries({ dir, logger });
  result.compactSeconds = Math.round((performance.now() - compacting) / 100) / 10;
} else seq = (await store.position()).seq;

const opened = performance.now();
await store.close();
store = await openDuckdbSeries({ dir, logger });
result.openMs = Math.round(performance.now() - opened);
const { bytes, rows } = await store.stats();
result.stored = rows;
result.bytesPerReading = Math.round((bytes / rows) * 1000) / 1000;
result.counts = Object.values((await store.counts()).byOwner).reduce((n, c) => n + c.readings, 0);

result.quiet = await questions(store);
const load = Number(args.load);
if (load > 0) {
  const stop = new AbortController();
  const writing = write(load, stop.signal);
  result.underLoad = await questions(store);
  stop.abort();
  result.load = {
    ...(result.load as object | undefined),
    underLoad: { valuesPerSecond: load, batchMs: await writing },
  };
}
result.rssMegabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
console.log(JSON.stringify(result, undefined, 2));
await store.close();
if (!args.keep && !args.dir) await rm(dir, { recursive: true });

async function questions(series: SeriesStore): Promise<Record<string, unknown>> {
  const next = random(7);
  const refs = seriesRefs(ASSETS);
  const assets = refs.map((r) => r.asset);
  const month = { from: END - 30 * DAY, to: END, window: 3_600_000 } as const;
  const one = async (): Promise<void> => {
    const asset = assets[Math.floor(next() * ASSETS)]!; // below ASSETS
    const aggregates = ['avg', 'min', 'max'] as const;
    const { time } = await series.windows({
      ...month,
      assets: [asset],
      groups: [asset],
      quantity: 'fillingLevel',
      aggregates: [...aggregates],
    });
    if (time.length === 0) throw new Error('no windows');
  };
  const points = async (): Promise<void> => {
    const asset = assets[Math.floor(next() * ASSETS)]!; // below ASSETS
    await series.points({ asset, quantity: 'fillingLevel', from: END - 7 * DAY, to: END, limit: 100_000 });
  };
  const latest = async (): Promise<void> => {
    if ((await series.latest()).length !== ASSETS) throw new Error('not all assets');
  };
  const type = async (): Promise<void> => {
    await series.windows({
      ...month,
      assets,
      groups: refs.map((r) => r.owner),
      quantity: 'fillingLevel',
      aggregates: ['avg'],
    });
  };
  return {
    monthOfOneAsset: await measure(200, one),
    weekOfPoints: await measure(100, points),
    latestOfAll: await measure(20, latest),
    monthOfOneTypeByOwner: await measure(15, type),
  };
}

async function measure(times: number, ask: () => Promise<void>): Promise<unknown> {
  for (let i = 0; i < 3; i++) await ask();
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const begun = performance.now();
    await ask();
    took.push(performance.now() - begun);
  }
  return percentiles(took);
}

/** Writes `perSecond` values a second in batches of a hundredth of a second; gives how long a batch took. */
async function write(perSecond: number, signal: AbortSignal): Promise<unknown> {
  const took: number[] = [];
  const rows = perSecond * 3600;
  let offset = (await store.position()).offset;
  const size = Math.max(1, Math.round(perSecond / 100));
  const begun = performance.now();
  let written = 0;
  for (const block of generateReadings({ rows, assets: ASSETS, block: size, seed: 2, start: END + DAY })) {
    if (signal.aborted) break;
    offset += block.count;
    const at = performance.now();
    await store.write([block], { seq: ++seq, offset });
    took.push(performance.now() - at);
    written += block.count;
    const ahead = (written / perSecond) * 1000 - (performance.now() - begun);
    if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
  }
  return percentiles(took);
}

function percentiles(ms: number[]): Record<'p50' | 'p95' | 'p99' | 'max', number> {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (p: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
