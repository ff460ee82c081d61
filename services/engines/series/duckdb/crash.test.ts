/** Killed at any moment, among them while sealing and merging, the folder opens with exactly the committed batches. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pino from 'pino';
import { expect, it } from 'vitest';
import type { SeriesStore } from '../../../model/series.ts';
import { openDuckdbSeries } from './duckdb-series.ts';
import { crashBatch, crashLimits } from './testing/crash-rows.ts';
import { ModelSeries } from './testing/model-series.ts';

const ASSETS = ['a0', 'a1', 'a2', 'a3', 'a4'];

/** Runs the child until so many batches are acknowledged and some ms have passed, kills it, gives the last offset acknowledged. */
async function killAfter(dir: string, batches: number, ms: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/crash-child.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

async function expectCommitted(store: SeriesStore, dir: string, acknowledged: number): Promise<void> {
  const { seq, offset } = await store.position();
  expect(offset).toBeGreaterThanOrEqual(acknowledged);
  const model = new ModelSeries();
  for (let s = 1; s < seq; s++) model.write(crashBatch(s));
  expect(model.counts.stored).toBe(offset);
  expect((await store.counts()).byOwner.aarhus).toEqual(model.counts);
  for (const asset of ASSETS) {
    const { time, value } = await store.points({ asset, quantity: 'temperature', from: 0, to: 1e14, limit: 100_000 });
    const found = Array.from(time, (t, i): [number, number] => [t, value[i]!]);
    expect(found).toEqual(model.points(asset));
  }
  const query = {
    quantity: 'temperature',
    from: 0,
    to: 1e13,
    window: 3_600_000,
    aggregates: ['count' as const, 'sum' as const],
  };
  const { time, values } = await store.windows({ ...query, assets: ASSETS, groups: ASSETS });
  const expected = model.windows({ ...query, assets: ASSETS, groups: ASSETS });
  expect(Array.from(time, (t, i) => [t, values[0]![i], values[1]![i]])).toEqual(
    expected.map(([, t, count, sum]) => [t, count, expect.closeTo(Number(sum), 6)]),
  );
  expect(await readdir(join(dir, 'tmp'))).toEqual([]);
}

it('loses and doubles nothing when killed', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'series-crash-'));
  try {
    for (const [batches, ms] of [
      [3, 0],
      [40, 3],
      [60, 17],
    ] as const) {
      const acknowledged = await killAfter(dir, batches, ms);
      const store = await openDuckdbSeries({ dir, logger: pino({ level: 'silent' }), threads: 1, limits: crashLimits });
      await expectCommitted(store, dir, acknowledged);
      await store.close();
    }
  } finally {
    await rm(dir, { recursive: true });
  }
});
