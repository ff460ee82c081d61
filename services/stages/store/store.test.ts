/** The store stage in its loop, on a real log and a real store: everything arrives once, and a bad value stops nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batch, type Row } from '../../../test/lib/reading-batch.ts';
import { openLmdbLog } from '../../engines/log/open-lmdb-log.ts';
import { openDuckdbSeries } from '../../engines/series/duckdb/duckdb-series.ts';
import { Unavailable } from '../../model/errors.ts';
import type { Log } from '../../model/log.ts';
import { encodeReadings } from '../../model/readings.ts';
import type { SeriesStore } from '../../model/series.ts';
import { createMetrics } from '../../ops/metrics.ts';
import type { Ops } from '../../ops/ops.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import { runStage } from '../../pipeline/run-stage.ts';
import { createStore } from './store.ts';

const T0 = Date.UTC(2026, 4, 1);
const logger = pino({ level: 'silent' });

let dir: string;
let log: Log;
let series: SeriesStore;
let ops: Ops;
let stop: AbortController;
let running: Promise<void>;

function silentOps(): Ops {
  const metrics = createMetrics();
  return { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };
}

function start(store: Pick<SeriesStore, 'position' | 'write' | 'skip' | 'behind'> = series): void {
  stop = new AbortController();
  running = runStage({ log, stage: createStore({ series: store, ops }), ops, signal: stop.signal });
}

async function halt(): Promise<void> {
  stop.abort();
  await running;
}

async function append(rows: Row[], retractions: Parameters<typeof batch>[1] = []): Promise<void> {
  const columns = batch(rows, retractions);
  const block = { stream: 'readings' as const, at: Date.now(), count: columns.count, body: encodeReadings(columns) };
  await log.commit({ stage: 'decode', partition: 0, upTo: {}, outputs: [block], state: new Map() });
}

async function settled(): Promise<void> {
  const end = await log.end('readings');
  await vi.waitFor(async () => expect(await log.position('store', 0, 'readings')).toEqual(end), { timeout: 5000 });
}

const row = (i: number, value = i): Row => ({ asset: `a${i % 3}`, time: T0 + i * 1000, value, uplink: i });
const rows = (from: number, to: number): Row[] => Array.from({ length: to - from }, (_, i) => row(from + i));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-'));
  log = await openLmdbLog({ dir: join(dir, 'log'), logger });
  series = await openDuckdbSeries({ dir: join(dir, 'series'), logger, threads: 1 });
  ops = silentOps();
});
afterEach(async () => {
  await halt();
  await series.close();
  await log.close();
  await rm(dir, { recursive: true });
});

describe('semantics: Exactly once', () => {
  it('goes on where the store left off, whatever the log remembers', async () => {
    await append(rows(0, 100));
    await append(rows(100, 150));
    start();
    await settled();
    await halt();
    // As after a crash between the store's commit and the log's: the log would have the batch handled again.
    const behind = new Proxy(log, {
      get: (of, name: keyof Log) =>
        name === 'position' ? async () => ({ seq: 1, offset: 0 }) : (of[name] as () => unknown).bind(of),
    });
    stop = new AbortController();
    ops = silentOps();
    running = runStage({ log: behind, stage: createStore({ series, ops }), ops, signal: stop.signal });
    await append(rows(150, 160));
    await settled();
    expect((await series.counts()).byOwner.aarhus).toMatchObject({ stored: 160, readings: 160, duplicates: 0 });
  });

  it('moves past ticks and applies retractions', async () => {
    await append(rows(0, 10));
    await append([], [{ asset: 'a0', time: T0, uplink: 0, revision: 1 }]);
    start();
    await settled();
    expect(await series.position()).toEqual(await log.end('readings'));
    expect((await series.counts()).byOwner.aarhus).toMatchObject({ stored: 10, readings: 10, retracted: 1 });
  });
});

describe('semantics: Poison', () => {
  it('sets a value aside that cannot be stored, and the ledger adds up', async () => {
    await append(rows(0, 40));
    await append([...rows(40, 60), { ...row(60), value: Number.NaN }, ...rows(61, 100)]);
    await append(rows(100, 120));
    start();
    await settled();
    const { position, byOwner } = await series.counts();
    expect(position.offset).toBe(120);
    expect(byOwner.aarhus).toEqual({ stored: 120, readings: 119, corrections: 0, duplicates: 1, retracted: 0 });
    expect(ops.alerts.list().map((a) => a.name)).toEqual(['internal-error:store']);
    expect(await ops.metrics.registry.getSingleMetricAsString('sansevaerk_store_unstorable_total')).toMatch(/ 1$/);
  });
});

describe('the store stage', () => {
  it('tries again while the store does not answer', async () => {
    let refused = 0;
    await append(rows(0, 10));
    const flaky = {
      position: () => series.position(),
      skip: series.skip.bind(series),
      behind: series.behind.bind(series),
      write: async (...args: Parameters<SeriesStore['write']>) => {
        if (refused++ < 2) throw new Unavailable('not now');
        await series.write(...args);
      },
    };
    start(flaky);
    await settled();
    expect(refused).toBe(3);
    expect((await series.counts()).byOwner.aarhus).toMatchObject({ stored: 10, readings: 10 });
    expect(ops.alerts.list()).toEqual([]);
  });

  it('tells the store how far behind it is', async () => {
    const told: number[] = [];
    await append(rows(0, 10));
    start({
      position: () => series.position(),
      write: series.write.bind(series),
      skip: series.skip.bind(series),
      behind: async (ms) => void told.push(ms),
    });
    await settled();
    expect(told[0]).toBeGreaterThanOrEqual(0);
    expect(told[0]).toBeLessThan(10_000);
  });
});
