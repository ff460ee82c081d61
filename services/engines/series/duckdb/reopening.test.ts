/** A database that gave up is opened anew; what cannot be written is tried again, unless the row itself is at fault. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batch } from '../../../../test/lib/reading-batch.ts';
import { Unavailable } from '../../../model/errors.ts';
import { ReopeningSeries } from './duckdb-series.ts';
import { openStore } from './open-store.ts';

const logger = pino({ level: 'silent' });
const rows = (value: number) => [batch([{ time: Date.UTC(2026, 2, 1), value }])];

let dir: string;
let opened: Awaited<ReturnType<typeof openStore>>[];
let series: ReopeningSeries;
let failures: number;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'series-reopen-'));
  opened = [];
  failures = 0;
  const open = async () => {
    if (opened.length > 0 && failures-- > 0) throw new Error('no space left on device');
    const store = await openStore({ dir, logger, threads: 1 });
    opened.push(store);
    return store;
  };
  series = new ReopeningSeries({ first: await open(), open, logger });
});
afterEach(async () => {
  await series.close();
  await rm(dir, { recursive: true });
});

describe('the series engine', () => {
  it('is opened anew after a fatal error and goes on where it was', async () => {
    await series.write(rows(1), { seq: 2, offset: 1 });
    vi.spyOn(opened[0]!, 'write').mockRejectedValue(new Error('FATAL Error: Failed to create checkpoint'));
    await expect(series.write(rows(2), { seq: 3, offset: 2 })).rejects.toThrow(Unavailable);
    expect(await series.position()).toEqual({ seq: 2, offset: 1 });
    await series.write([batch([{ time: 5, value: 2 }])], { seq: 3, offset: 2 });
    expect(opened).toHaveLength(2);
    expect((await series.counts()).byOwner.aarhus).toMatchObject({ readings: 2 });
  });

  it('says that it cannot be reached while it cannot be opened, and comes back', async () => {
    failures = 1;
    vi.spyOn(opened[0]!, 'latest').mockRejectedValue(new Error('FATAL Error: invalidated'));
    await expect(series.latest()).rejects.toThrow(Unavailable);
    await expect(series.latest()).rejects.toThrow(Unavailable);
    await vi.waitFor(async () => expect(await series.latest()).toEqual([]), { timeout: 5000, interval: 50 });
  });

  it('takes a failed write for a reason to try again, a bad row for a bug', async () => {
    vi.spyOn(opened[0]!, 'write').mockRejectedValueOnce(new Error('No space left on device'));
    await expect(series.write(rows(1), { seq: 2, offset: 1 })).rejects.toThrow(Unavailable);
    await expect(series.write(rows(Number.NaN), { seq: 2, offset: 1 })).rejects.toThrow(RangeError);
    await series.write(rows(1), { seq: 2, offset: 1 });
    expect(await series.latest()).toHaveLength(1);
  });

  it('answers nobody once it is closed', async () => {
    await series.close();
    await expect(series.position()).rejects.toThrow(Unavailable);
  });
});
