import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbLog } from '../../engines/log/open-lmdb-log.ts';
import type { FeedPosition, Listener } from '../../model/live.ts';
import type { Log } from '../../model/log.ts';
import { encodeReadings, ReadingWriter } from '../../model/readings.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import { createFeed, type Feed } from './feed.ts';

/** Other tests share the machine. */
const PATIENT = { timeout: 10_000, interval: 10 };
const logger = createLogger('silent');
let dir: string;
let log: Log;
let feed: Feed;
let stop: AbortController;
let running: Promise<void>;
let clock: number;
let failing: boolean;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sansevaerk-feed-'));
  log = await openLmdbLog({ dir, logger });
  const metrics = createMetrics();
  clock = Date.now();
  failing = false;
  const read: Log['read'] = (...args) => (failing ? Promise.reject(new Error('disk')) : log.read(...args));
  feed = createFeed({
    log: { read, end: (s) => log.end(s), seek: (s, o) => log.seek(s, o), wait: (...args) => log.wait(...args) },
    directory: { onChange: () => () => {} },
    ops: { logger, metrics, alerts: new PlatformAlerts(logger, metrics) },
    now: () => clock,
  });
  stop = new AbortController();
  running = feed.run(stop.signal);
});
afterEach(async () => {
  stop.abort();
  await running;
  await log.close();
  await rm(dir, { recursive: true });
});

async function publish(values: number[]): Promise<number> {
  const writer = new ReadingWriter();
  const series = writer.series({ asset: 'a', quantity: 'q', owner: 'o', type: 't' });
  for (const v of values) writer.push(series, v, v, v, 0, 0, 0);
  const body = encodeReadings(writer.columns());
  const outputs = [{ stream: 'readings', at: clock, count: values.length, body }] as const;
  const [first = 0] = await log.commit({ stage: 'decode', partition: 0, upTo: {}, outputs, state: new Map() });
  return first;
}

function listener() {
  const got: number[] = [];
  const skipped: FeedPosition[] = [];
  const self: Listener = {
    busy: false,
    wants: () => true,
    reading: (r) => got.push(r.value),
    flush: () => {},
    skipped: (at) => skipped.push(at),
  };
  return { self, got, skipped };
}

describe('semantics: Editing (resume for 5 minutes)', () => {
  it('gives what was missed within 5 minutes', async () => {
    const from = await publish([1, 2]);
    clock += 4 * 60_000;
    const { self, got } = listener();
    expect((await feed.listen(self, { readings: from, alerts: 0 })).resumed).toBe(true);
    expect(got).toEqual([1, 2]);
    await publish([3]);
    await expect.poll(() => got, PATIENT).toEqual([1, 2, 3]);
  });

  it('gives none of it after more', async () => {
    const from = await publish([1, 2]);
    clock += 5 * 60_000 + 1;
    const { self, got } = listener();
    expect((await feed.listen(self, { readings: from, alerts: 0 })).resumed).toBe(false);
    await publish([3]);
    await expect.poll(() => got, PATIENT).toEqual([3]);
  });

  it('needs no 5 minutes where nothing was missed', async () => {
    const from = await publish([1]);
    clock += 3_600_000;
    const { self } = listener();
    expect((await feed.listen(self, { readings: from + 1, alerts: 0 })).resumed).toBe(true);
  });

  it('loses and doubles nothing while it catches up with a stream that goes on', async () => {
    const from = await publish([0]);
    const { self, got } = listener();
    await feed.listen(listener().self); // somebody keeps the feed moving
    let next = 1;
    const going = (async () => {
      for (; next < 200; next++) await publish([next]);
    })();
    await feed.listen(self, { readings: from, alerts: 0 });
    await going;
    await expect.poll(() => got.length, PATIENT).toBe(200);
    expect(got).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });
});

describe('the live feed', () => {
  it('goes on from the end when it is far behind, and says so', async () => {
    const { self, got, skipped } = listener();
    await feed.listen(self);
    await publish([1]);
    await expect.poll(() => got, PATIENT).toEqual([1]);
    failing = true; // while it cannot read, more comes than a feed may be behind
    await publish(Array.from({ length: 600_000 }, () => 2));
    failing = false;
    await expect.poll(() => skipped.length, { timeout: 5000 }).toBe(1);
    await publish([3]);
    await expect.poll(() => got, PATIENT).toEqual([1, 3]);
  });

  it('begins at the end for who comes after everybody had left', async () => {
    const { self, got } = listener();
    const listening = await feed.listen(self);
    listening.stop();
    await publish([1]);
    const again = listener();
    await feed.listen(again.self);
    await publish([2]);
    await expect.poll(() => again.got, PATIENT).toEqual([2]);
    expect(got).toEqual([]);
  });
});
