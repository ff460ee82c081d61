/** Sealing that fails: what waits for it stays bounded, writing says so, and all goes on by itself once it can. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batch } from '../../../../test/lib/reading-batch.ts';
import { Unavailable } from '../../../model/errors.ts';
import type { SeriesStore } from '../../../model/series.ts';
import { queue } from './core.ts';
import { openDuckdbSeries } from './duckdb-series.ts';
import { Views } from './view.ts';

const T0 = Date.UTC(2026, 2, 10);
const SEAL_ROWS = 100;
const BATCH = 40;
const DAY = 86_400_000;

let dir: string;
let errors: number;
let store: SeriesStore;
let seq: number;

async function open(): Promise<void> {
  const logger = pino({ level: 'error' }, { write: () => void errors++ });
  store = await openDuckdbSeries({ dir, logger, threads: 1, limits: { sealRows: SEAL_ROWS } });
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'series-failing-seal-'));
  errors = 0;
  seq = 1;
  await open();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await store.close();
  await rm(dir, { recursive: true });
});

async function write(): Promise<void> {
  const first = (seq - 1) * BATCH;
  const rows = Array.from({ length: BATCH }, (_, i) => ({ time: T0 + first + i, value: first + i }));
  await store.write([batch(rows)], { seq: seq + 1, offset: first + BATCH });
  seq++;
}

const stored = async (): Promise<number> => {
  const { time } = await store.points({ asset: 'a1', quantity: 'temperature', from: 0, to: 1e13, limit: 100_000 });
  return time.length;
};

/** No file can be written where a file is in the place of the folder. */
async function breakSealing(): Promise<void> {
  await rename(join(dir, 'sealed'), join(dir, 'away'));
  await writeFile(join(dir, 'sealed'), '');
}
async function mendSealing(): Promise<void> {
  await rm(join(dir, 'sealed'));
  await rename(join(dir, 'away'), join(dir, 'sealed'));
}

/** Writes until it is refused, 100 times at most. */
async function fill(): Promise<unknown> {
  for (let i = 0; i < 100; i++) {
    try {
      await write();
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

describe('while sealing fails', () => {
  it('so many rows wait at most, then writing is refused, and it is not tried again with each batch', async () => {
    await breakSealing();
    const refused = await fill();
    expect(refused).toBeInstanceOf(Unavailable);
    expect((refused as Error).message).toMatch(/rows wait to be sealed.*sealing fails/);
    const before = await stored();
    expect(before).toBeGreaterThan(SEAL_ROWS);
    expect(before).toBeLessThanOrEqual(6 * SEAL_ROWS + BATCH);
    for (let i = 0; i < 50; i++) await expect(write()).rejects.toThrow(Unavailable);
    expect(await stored()).toBe(before);
    expect(errors).toBeGreaterThan(0);
    expect(errors).toBeLessThan(4);
    // Who runs the maintenance makes an alert of its failure.
    await expect(store.maintain(Date.now())).rejects.toThrow();
  });

  it('it goes on by itself once files can be written, with nothing lost and nothing twice', async () => {
    await breakSealing();
    await fill();
    const before = await stored();
    await mendSealing();
    await store.maintain(Date.now());
    for (let i = 0; i < 10; i++) await write();
    expect(await stored()).toBe(before + 10 * BATCH);
  });

  it('a start with as much waiting refuses, tries, and goes on as well', async () => {
    await breakSealing();
    await fill();
    const before = await stored();
    await store.close();
    await mendSealing();
    await open();
    // The first write finds no room, and begins to make it.
    await write();
    expect(await stored()).toBe(before + BATCH);
  });
});

it('stats count a row once that is corrected while its table is being sealed', async () => {
  await write();
  await breakSealing();
  await expect(store.maintain(Date.now() + 2 * DAY)).rejects.toThrow();
  // Its table is closed, and may have been written to a file with the former value.
  const correct = async (value: number) => {
    const row = { time: T0 + 7, value, uplink: seq };
    await store.write([batch([row])], { seq: seq + 1, offset: BATCH + seq });
    seq++;
  };
  await correct(-1);
  await mendSealing();
  expect((await store.stats()).rows).toBe(BATCH);
  await store.maintain(Date.now());
  expect((await store.stats()).rows).toBe(BATCH);
  await correct(-2);
  await store.maintain(Date.now() + 4 * DAY);
  await correct(-3);
  expect((await store.stats()).rows).toBe(BATCH);
});

describe('the waits of the engine', () => {
  it('a table that somebody still reads is not waited for without end; its rows are there once', async () => {
    await write();
    let released = () => {};
    const reading = new Promise<void>((resolve) => {
      released = resolve;
    });
    const swap = Views.prototype.swap;
    vi.spyOn(Views.prototype, 'swap').mockImplementation(function (this: Views, next) {
      return Promise.all([swap.call(this, next), reading]).then(() => {});
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const sealing = store.maintain(Date.now() + 2 * DAY);
    const failed = expect(sealing).rejects.toThrow(Unavailable);
    await vi.waitUntil(() => vi.getTimerCount() > 0, { timeout: 10_000 });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await failed;
    vi.useRealTimers();
    expect(await stored()).toBe(BATCH);
    released();
    await store.maintain(Date.now());
    expect(await stored()).toBe(BATCH);
  });

  it('changes wait in a queue with an end, and closing still comes through', async () => {
    const exclusive = queue(3);
    let go = () => {};
    const first = exclusive(
      () =>
        new Promise<void>((resolve) => {
          go = resolve;
        }),
    );
    const ran: number[] = [];
    const change = (n: number) => async () => void ran.push(n);
    const waiting = [exclusive(change(1)), exclusive(change(2))];
    await expect(exclusive(change(3))).rejects.toThrow(Unavailable);
    const closing = exclusive(change(4), { always: true });
    go();
    await Promise.all([first, ...waiting, closing]);
    expect(ran).toEqual([1, 2, 4]);
    await exclusive(change(5));
    expect(ran).toEqual([1, 2, 4, 5]);
  });
});
