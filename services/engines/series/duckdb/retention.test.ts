/** What retention leaves: hours that stay right when more comes into a month whose raw rows are gone. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, type Row } from '../../../../test/lib/reading-batch.ts';
import type { Aggregate, SeriesStore } from '../../../model/series.ts';
import { openDuckdbSeries } from './duckdb-series.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 2, 10, 12);
const LATER = T0 + 400 * 24 * HOUR;

let dir: string;
let store: SeriesStore;
let seq: number;
const tooOld = new Set<string>();

beforeEach(async () => {
  tooOld.clear();
  seq = 1;
  dir = await mkdtemp(join(tmpdir(), 'series-retention-'));
  store = await openDuckdbSeries({
    dir,
    logger: pino({ level: 'silent' }),
    threads: 1,
    limits: { fanIn: 2 },
    retention: { rawBefore: (quantity) => (tooOld.has(quantity) ? LATER : 0) },
    meaning: (q) => (q === 'windDirection' ? 'circular' : q === 'energy' ? 'counter' : 'plain'),
  });
});
afterEach(async () => {
  await store.close();
  await rm(dir, { recursive: true });
});

async function write(...rows: Row[]): Promise<void> {
  seq++;
  await store.write([batch(rows)], { seq, offset: seq * 100 });
}

async function hours(quantity: string, aggregates: Aggregate[]): Promise<number[][]> {
  const query = { assets: ['a1'], groups: ['a1'], quantity, from: T0 - HOUR, to: T0 + 5 * HOUR, window: HOUR };
  const { time, values } = await store.windows({ ...query, aggregates });
  return Array.from(time, (t, i) => [(t - T0) / HOUR, ...values.map((v) => v[i]!)]);
}

const files = async (): Promise<string[]> => (await readdir(join(dir, 'sealed'))).map((f) => f.split('.')[2]!).sort();

describe('semantics: Retention', () => {
  it('adds late values to hours whose raw rows are gone', async () => {
    const quantity = 'temperature.2';
    await write({ quantity, time: T0, value: 1.5 }, { quantity, time: T0 + 5, value: 2.5 }, { time: T0, value: 1 / 3 });
    await store.maintain(LATER);
    expect(await files()).toEqual(['hours', 'raw']);
    tooOld.add('temperature');
    await store.maintain(LATER);
    expect(await files()).toEqual(['hours']);
    await write({ quantity, time: T0 + 7, value: 11 }, { quantity: 'humidity', time: T0 + 1, value: 40 });
    await store.maintain(LATER);
    expect(await files()).toEqual(['hours', 'raw']);
    expect(await hours(quantity, ['count', 'sum', 'min', 'max', 'first', 'last'])).toEqual([
      [0, 3, 15, 1.5, 11, 1.5, 11],
    ]);
    expect(await hours('temperature', ['count', 'sum'])).toEqual([[0, 1, 1 / 3]]);
    expect(await hours('humidity', ['count', 'last'])).toEqual([[0, 1, 40]]);
    const points = await store.points({ asset: 'a1', quantity: 'humidity', from: 0, to: 1e13, limit: 10 });
    expect(Array.from(points.value)).toEqual([40]);
  });

  it('keeps what directions and counters need', async () => {
    const [wind, energy] = ['windDirection', 'energy'];
    const readings: Row[] = [350, 20, 350, 20].map((value, i) => ({ quantity: wind, time: T0 + i, value }));
    for (const [i, value] of [100, 104, 3, 5, 9].entries())
      readings.push({ quantity: energy, time: T0 + i * 0.5 * HOUR, value });
    await write(...readings);
    const before = [await hours(wind, ['avg']), await hours(energy, ['sum', 'first', 'last'])];
    expect(before[0]![0]![1]).toBeCloseTo(5);
    expect(before[1]).toEqual([
      [0, 4, 100, 104],
      [1, 5, 3, 5],
      [2, 4, 9, 9],
    ]);
    await store.maintain(LATER);
    tooOld.add(wind).add(energy);
    await store.maintain(LATER);
    expect(await files()).toEqual(['hours']);
    expect((await hours(wind, ['avg']))[0]![1]).toBeCloseTo(5);
    expect(await hours(energy, ['sum', 'first', 'last'])).toEqual(before[1]);
  });

  it('does not write files anew for a quantity that is not in them', async () => {
    await write({ time: T0, value: 1 });
    await write({ quantity: 'humidity', time: LATER, value: 1 });
    await store.maintain(LATER);
    const before = (await readdir(join(dir, 'sealed'))).sort();
    tooOld.add('humidity');
    await store.maintain(LATER);
    expect((await readdir(join(dir, 'sealed'))).sort()).toEqual(before);
  });
});
