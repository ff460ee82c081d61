/** Every answer is of one moment: rows on their way from the hot table to a file, or into another, are seen once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it } from 'vitest';
import type { SeriesStore } from '../../../model/series.ts';
import { openDuckdbSeries } from './duckdb-series.ts';
import { crashBatch, crashLimits, NEW_ROWS } from './testing/crash-rows.ts';

const ASSETS = ['a0', 'a1', 'a2', 'a3', 'a4'];
const BATCHES = 80;

async function rowsByWindows(store: SeriesStore): Promise<number> {
  const period = { from: 0, to: 1e13, window: 3_600_000 };
  const { values } = await store.windows({
    ...period,
    assets: ASSETS,
    groups: ASSETS,
    quantity: 'temperature',
    aggregates: ['count'],
  });
  return values[0]!.reduce((a, b) => a + b, 0);
}

async function rowsByPoints(store: SeriesStore): Promise<number> {
  let rows = 0;
  for (const asset of ASSETS.slice(0, 1)) {
    const { time } = await store.points({ asset, quantity: 'temperature', from: 0, to: 1e14, limit: 100_000 });
    expect(new Set(time).size).toBe(time.length);
    rows += time.length;
  }
  return rows * ASSETS.length; // every asset has as many
}

it('counts every row once while tables are sealed and parts merged', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'series-consistency-'));
  const logger = pino({ level: 'silent' });
  const store = await openDuckdbSeries({ dir, logger, threads: 2, limits: crashLimits });
  let written = 0;
  let begun = 0;
  let done = false;
  let answers = 0;
  const ask = async (count: (store: SeriesStore) => Promise<number>): Promise<void> => {
    while (!done) {
      const before = written;
      const rows = await count(store);
      expect(rows).toBeGreaterThanOrEqual(before);
      expect(rows).toBeLessThanOrEqual(begun);
      expect(rows % NEW_ROWS).toBe(0);
      answers++;
    }
  };
  const maintain = async (): Promise<void> => {
    while (!done) await store.maintain(Date.now());
  };
  const write = async (): Promise<void> => {
    try {
      for (let seq = 1; seq <= BATCHES; seq++) {
        begun += NEW_ROWS;
        await store.write([crashBatch(seq)], { seq: seq + 1, offset: seq * (NEW_ROWS + 2) });
        written += NEW_ROWS;
      }
    } finally {
      done = true;
    }
  };
  try {
    await Promise.all([write(), maintain(), ask(rowsByWindows), ask(rowsByPoints)]);
    expect(answers).toBeGreaterThan(4);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({
      readings: BATCHES * NEW_ROWS,
      corrections: BATCHES - 1,
    });
  } finally {
    await store.close();
    await rm(dir, { recursive: true });
  }
});
