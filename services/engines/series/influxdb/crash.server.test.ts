/** Killed at any moment, the journal opens and the bucket holds exactly the committed batches. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SeriesStore } from '../../../model/series.ts';
import { crashBatch } from '../duckdb/testing/crash-rows.ts';
import { ModelSeries } from '../duckdb/testing/model-series.ts';
import { type House, InfluxWorld, valuesOf } from './testing/influx-world.ts';

const ASSETS = ['a0', 'a1', 'a2', 'a3', 'a4'];

let world: InfluxWorld;
beforeAll(async () => {
  world = await InfluxWorld.start();
});
afterAll(() => world.stop());

/** Runs the child until so many batches are acknowledged and some ms have passed, kills it, gives the last offset acknowledged. */
async function killAfter({ dir, address }: House, batches: number, ms: number): Promise<number> {
  const args = [join(import.meta.dirname, 'testing/crash-child.ts'), dir, address.url, address.bucket];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let acknowledged = 0;
  let left = batches;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    if (left-- === 0) setTimeout(() => child.kill('SIGKILL'), ms);
  }
  await exited;
  return acknowledged;
}

async function expectCommitted(store: SeriesStore, acknowledged: number): Promise<void> {
  const { seq, offset } = await store.position();
  expect(offset).toBeGreaterThanOrEqual(acknowledged);
  const model = new ModelSeries();
  for (let s = 1; s < seq; s++) model.write(crashBatch(s));
  expect(model.counts.stored).toBe(offset);
  expect((await store.counts()).byOwner.aarhus).toEqual(model.counts);
  for (const asset of ASSETS) expect(await valuesOf(store, asset)).toEqual(model.points(asset));
  const query = { quantity: 'temperature', from: 0, to: 1e13, window: 3_600_000, assets: ASSETS, groups: ASSETS };
  const { time, values } = await store.windows({ ...query, aggregates: ['count', 'sum'] });
  expect(Array.from(time, (t, i) => [t, values[0]![i], values[1]![i]])).toEqual(
    model
      .windows({ ...query, aggregates: ['count', 'sum'] })
      .map(([, t, count, sum]) => [t, count, expect.closeTo(Number(sum), 6)]),
  );
}

it('loses and doubles nothing when killed', async () => {
  const house = await world.house();
  for (const [batches, ms] of [
    [1, 0],
    [5, 2],
    [8, 5],
    [3, 9],
    [12, 13],
  ] as const) {
    const acknowledged = await killAfter(house, batches, ms);
    const store = await house.open();
    await expectCommitted(store, acknowledged);
    await store.close();
  }
});
