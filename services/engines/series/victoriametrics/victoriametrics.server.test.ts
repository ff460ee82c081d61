/** VictoriaMetrics in trouble, set up wrongly, somebody else's; and what the contract suite does not reach. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batch, type Row } from '../../../../test/lib/reading-batch.ts';
import { startClusterAddresses } from '../../../../test/lib/servers/cluster-addresses.ts';
import { type FaultProxy, startFaultProxy } from '../../../../test/lib/servers/fault-proxy.ts';
import type { EngineServer } from '../../../../test/lib/servers/server-process.ts';
import { startVictoriaMetrics } from '../../../../test/lib/servers/victoria-metrics.ts';
import { Unavailable } from '../../../model/errors.ts';
import type { SeriesStore } from '../../../model/series.ts';
import { openVictoriametricsSeries } from './victoriametrics-series.ts';

const T0 = Date.UTC(2026, 2, 10, 12);
const MINUTE = 60_000;
const TIMES = { requestMs: 300, tryMs: 600, firstMs: 20, mostMs: 100 };

let dir: string;
let server: EngineServer;
let proxy: FaultProxy;
let store: SeriesStore;
const alerts = { raise: vi.fn<(name: string, detail: string) => void>(), clear: vi.fn<(name: string) => void>() };

const open = (folder = 'one'): Promise<SeriesStore> =>
  openVictoriametricsSeries({
    dir: join(dir, folder),
    address: { kind: 'single', url: proxy.url },
    logger: pino({ level: 'silent' }),
    alerts,
    times: TIMES,
  });
const rows = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, i) => ({ time: T0 + (from + i) * MINUTE, value: from + i, uplink: from + i }));
const write = (of: readonly Row[], seq: number, offset: number): Promise<void> =>
  store.write([batch(of)], { seq, offset });
const values = async (): Promise<number[]> =>
  Array.from((await store.points({ asset: 'a1', quantity: 'temperature', from: 0, to: 1e14, limit: 100_000 })).value);
const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

beforeEach(async () => {
  vi.clearAllMocks();
  dir = await mkdtemp(join(tmpdir(), 'victoriametrics-'));
  server = await startVictoriaMetrics();
  proxy = await startFaultProxy({ target: server.url });
  store = await open();
});
afterEach(async () => {
  await store.close();
  await proxy.stop();
  await server.stop();
  await rm(dir, { recursive: true });
});

describe('semantics: Exactly once', () => {
  const faults = [
    { name: 'refuses', fault: { kind: 'refuse' } },
    { name: 'hangs', fault: { kind: 'hang' } },
    { name: 'answers 500', fault: { kind: 'status', status: 500 } },
    { name: 'answers 429', fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } } },
    { name: 'loses its answers', fault: { kind: 'lost-answer' } },
    { name: 'breaks its answers off', fault: { kind: 'cut' } },
  ] as const;
  for (const { name, fault } of faults)
    it(`goes on with the batch under way after the server ${name}`, async () => {
      await write(rows(0, 10), 2, 10);
      await proxy.inject(fault, { only: /write/ });
      await expect(write(rows(10, 20), 3, 20)).rejects.toThrow(Unavailable);
      expect(await store.position()).toEqual({ seq: 2, offset: 10 });
      await proxy.heal();
      // The batch that was under way is finished, and the loop told to go on after it.
      await expect(write([...rows(10, 20), ...rows(20, 30)], 4, 30)).rejects.toThrow('go on from 20');
      expect(await store.position()).toEqual({ seq: 3, offset: 20 });
      await write(rows(20, 30), 4, 30);
      expect(await values()).toEqual(numbers(30));
      expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 30, readings: 30, duplicates: 0 });
    });

  it('sends the batch under way again after a restart of ours, and counts it once', async () => {
    await write(rows(0, 10), 2, 10);
    await proxy.inject({ kind: 'lost-answer' }, { only: /write/ });
    await expect(write(rows(10, 20), 3, 20)).rejects.toThrow(Unavailable);
    await store.close();
    await proxy.heal();
    store = await open();
    expect(await store.position()).toEqual({ seq: 3, offset: 20 });
    await write(rows(10, 20), 3, 20);
    expect(await values()).toEqual(numbers(20));
    const [hour] = await windows('count');
    expect(hour).toBe(20);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 20, readings: 20, duplicates: 0 });
  });

  it('rides out a server that is away for a moment', async () => {
    await write(rows(0, 10), 2, 10);
    await proxy.inject({ kind: 'status', status: 503 }, { times: 2, only: /write/ });
    await write(rows(10, 20), 3, 20);
    expect(proxy.suffered).toBe(2);
    expect(await values()).toEqual(numbers(20));
  });

  const windows = async (aggregate: 'count' | 'sum'): Promise<number[]> => {
    const day = 24 * 60 * MINUTE;
    const query = { assets: ['a1'], groups: ['a1'], quantity: 'temperature', aggregates: [aggregate], window: day };
    const answer = await store.windows({ ...query, from: T0 - day, to: T0 + 2 * day });
    return Array.from(answer.values[0] ?? []);
  };
});

describe('a server that is away', () => {
  it('is no reason not to open; questions say so and are answered once it is there', async () => {
    await write(rows(0, 3), 2, 3);
    await store.close();
    await server.kill('SIGTERM');
    store = await open();
    expect(await store.latest()).toMatchObject([{ value: 2 }]);
    await expect(values()).rejects.toThrow(Unavailable);
    await expect(write(rows(3, 6), 3, 6)).rejects.toThrow(Unavailable);
    await server.restart();
    await write(rows(3, 6), 3, 6);
    expect(await values()).toEqual(numbers(6));
  });

  it('does not hold up the start by hanging', async () => {
    await store.close();
    await proxy.inject({ kind: 'hang' });
    const began = performance.now();
    store = await open();
    expect(performance.now() - began).toBeLessThan(5000);
    await proxy.heal();
    await expect.poll(() => write(rows(0, 3), 2, 3).then(values, () => []), { timeout: 10_000 }).toEqual([0, 1, 2]);
  });

  it('is noticed by housekeeping, and by a question that it is back', async () => {
    await write(rows(0, 3), 2, 3);
    await proxy.inject({ kind: 'refuse' });
    await expect(store.maintain(Date.now())).rejects.toThrow(Unavailable);
    expect(alerts.raise).toHaveBeenCalledWith('series-server', expect.any(String));
    await proxy.heal();
    alerts.clear.mockClear();
    expect(await values()).toEqual(numbers(3));
    expect(alerts.clear).toHaveBeenCalledWith('series-server');
  });

  it('answers no question with half an answer', async () => {
    await write(rows(0, 1000), 2, 1000);
    await proxy.inject({ kind: 'cut' }, { only: /export/ });
    await expect(values()).rejects.toThrow(Unavailable);
  });
});

describe('an answer that is no confirmation', () => {
  it.each([
    [400, '{"error":"bad"}'],
    [413, '<html>413 Request Entity Too Large</html>'],
    [422, 'no'],
    [200, '<html>Back soon</html>'],
  ])('%d %s costs no reading: it is said and waited out', async (status, body) => {
    await write(rows(0, 3), 2, 3);
    const headers = { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' };
    await proxy.inject({ kind: 'status', status, body, headers }, { only: /write/ });
    await expect(write(rows(3, 6), 3, 6)).rejects.toThrow(Unavailable);
    expect(alerts.raise).toHaveBeenCalledWith('series-server', expect.stringContaining('unable to write'));
    await proxy.heal();
    await write(rows(3, 6), 3, 6);
    expect(await values()).toEqual(numbers(6));
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 6, readings: 6, duplicates: 0 });
  });

  it('of lines that are refused: each is a duplicate in the ledger, beside those that are too large', async () => {
    await proxy.inject({ kind: 'partial-write', refuses: (line) => line.includes('asset=a2') }, { only: /write/ });
    const given: Row[] = [
      { time: T0, value: 1e12 },
      { time: T0 + 1, value: 1 },
      { time: T0 + 2, value: 2, asset: 'a2' },
      { time: T0 + 3, value: 3 },
    ];
    // A body of 5,000 lines that are all too large is before them: it is not sent at all.
    const large = Array.from({ length: 5000 }, (_, i): Row => ({ time: T0 - i - 1, value: 1e13, asset: 'a3' }));
    await write([...large, ...given], 2, 5004);
    await proxy.heal();
    expect(await values()).toEqual([1, 3]);
    expect(await store.latest()).toMatchObject([{ asset: 'a1', value: 3 }]);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 5004, readings: 2, duplicates: 5002 });
    expect(alerts.raise).toHaveBeenCalledWith('series-refused', expect.stringContaining('5002 values were refused'));
  });
});

describe('a server set up wrongly', () => {
  it('is refused where it belongs to another installation', async () => {
    await expect(open('other')).rejects.toThrow(/holds the readings of another installation .*; give an empty one/);
  });

  it('is refused where it lost everything', async () => {
    await write(rows(0, 3), 2, 3);
    await store.close();
    await server.stop();
    server = await startVictoriaMetrics();
    await proxy.stop();
    proxy = await startFaultProxy({ target: server.url });
    await expect(open()).rejects.toThrow('has nothing of what this installation stored');
  });

  it('is refused without deduplication', async () => {
    await store.close();
    await server.restart(['-dedup.minScrapeInterval=0s']);
    await expect(open()).rejects.toThrow('-dedup.minScrapeInterval=1ms');
  });

  it('is one that is away when it appears while we run, until it is mended', async () => {
    await store.close();
    await proxy.inject({ kind: 'refuse' });
    store = await open();
    expect(alerts.raise).toHaveBeenCalledWith('series-server', expect.any(String));
    await server.restart(['-dedup.minScrapeInterval=0s']);
    await proxy.heal();
    await expect(write(rows(0, 3), 2, 3)).rejects.toThrow(Unavailable);
    await expect(values()).rejects.toThrow('-dedup.minScrapeInterval=1ms');
    await server.restart([]);
    await write(rows(0, 3), 2, 3);
    expect(await values()).toEqual([0, 1, 2]);
    expect(alerts.clear).toHaveBeenCalledWith('series-server');
  });

  it('is an alert where its retention is short', async () => {
    await store.close();
    await server.restart(['-retentionPeriod=1y']);
    store = await open();
    expect(alerts.raise).toHaveBeenCalledWith('series-retention', expect.stringContaining('less than two years'));
    await store.close();
    await server.restart([]);
    alerts.clear.mockClear();
    store = await open();
    expect(alerts.clear).toHaveBeenCalledWith('series-retention');
  });
});

describe('a cluster, which shows what it confirmed a second later', () => {
  it('is asked at once, and looked up in only when all must be there', async () => {
    await store.close();
    const addresses = await startClusterAddresses({ target: server.url, tenant: '0' });
    store = await openVictoriametricsSeries({
      dir: join(dir, 'one'),
      address: { kind: 'cluster', insert: addresses.insert, select: addresses.select, tenant: '0' },
      logger: pino({ level: 'silent' }),
      alerts,
    });
    await write(rows(0, 10), 2, 10);
    const began = performance.now();
    await values();
    expect(performance.now() - began).toBeLessThan(1000);
    await write(rows(0, 10), 3, 20);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 20, readings: 10, duplicates: 10 });
    await expect.poll(values, { timeout: 5000 }).toEqual(numbers(10));
    await addresses.stop();
  });
});

describe('semantics: Values', () => {
  it('keeps twelve digits of values of about one size, and six decimals beside the largest there may be', async () => {
    const given = [0.1 + 0.2, 21.55, -0.07, 123.789, 1 / 3, 42, 0];
    const beside = [999_999_999_999, 21.55, 0.000_001, -0.07];
    await write(
      [
        ...given.map((value, i) => ({ time: T0 + i, value })),
        ...beside.map((value, i) => ({ asset: 'a2', time: T0 + i, value })),
      ],
      2,
      given.length + beside.length,
    );
    const kept = await values();
    for (const [i, value] of given.entries())
      expect(Math.abs(kept[i]! - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
    const { value } = await store.points({ asset: 'a2', quantity: 'temperature', from: 0, to: 1e14, limit: 10 });
    for (const [i, given] of beside.entries())
      expect(Math.abs(value[i]! - given)).toBeLessThanOrEqual(Math.max(5e-7, given * 1e-12));
  });

  it('refuses what would cost its neighbours their digits: counted as duplicates, an alert, and nothing stuck', async () => {
    await write(
      [
        { time: T0, value: 21.5 },
        { time: T0 + 1, value: 1.7e308 },
        { time: T0 + 2, value: 1e12 },
        { time: T0 + 3, value: 21.7 },
      ],
      2,
      4,
    );
    expect(await values()).toEqual([21.5, 21.7]);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 4, readings: 2, duplicates: 2 });
    expect(alerts.raise).toHaveBeenCalledWith('series-refused', expect.stringContaining('2 values were refused'));
    await write([{ time: T0 + 4, value: -1e16 }], 3, 5);
    expect(await store.latest()).toMatchObject([{ time: T0 + 3, value: 21.7 }]);
  });
});

describe('questions', () => {
  it('reach over the limits of one request', async () => {
    // 12,000 windows, and points where there is little and where there is much.
    const spread = [0, 1, 12_000 - 1].map((m) => ({ time: T0 + m * MINUTE, value: m }));
    await write([...spread, ...numbers(500).map((i) => ({ asset: `b${i}`, time: T0, value: 1 }))], 2, 503);
    const ask = { quantity: 'temperature', from: T0 - MINUTE / 2, to: T0 + 12_000 * MINUTE + 1, window: MINUTE };
    const one = await store.windows({ ...ask, assets: ['a1'], groups: ['a1'], aggregates: ['first', 'count'] });
    expect(Array.from(one.time)).toEqual(spread.map(({ time }) => time));
    expect(Array.from(one.values[0]!)).toEqual([0, 1, 11_999]);
    const assets = numbers(500).map((i) => `b${i}`);
    const all = await store.windows({ ...ask, assets, groups: assets.map(() => 'all'), aggregates: ['count', 'sum'] });
    expect([all.group, Array.from(all.values[0]!)]).toEqual([['all'], [500]]);
    const page = await store.points({ asset: 'a1', quantity: 'temperature', from: 0, to: 1e14, limit: 2 });
    expect([Array.from(page.value), page.next]).toEqual([[0, 1], T0 + 11_999 * MINUTE]);
  });

  it('find late values of many series in one batch', async () => {
    const wave = (value: number) =>
      numbers(200).flatMap((i) => [0, 7 * 60, 3].map((m) => ({ asset: `c${i}`, time: T0 + m * MINUTE, value })));
    await write(wave(1), 2, 600);
    await write(wave(1), 3, 1200);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 1200, readings: 600, duplicates: 600 });
  });
});

describe('semantics: Re-decoding', () => {
  it('takes back what is retracted before it was sent, and finds the newest before it', async () => {
    await write([{ time: T0, value: 1, uplink: 1, marks: 2, received: T0 + 9 }], 2, 1);
    const second = batch([{ time: T0 + MINUTE, value: 2, uplink: 2 }]);
    const retraction = batch([], [{ time: T0 + MINUTE, uplink: 2, revision: 1 }]);
    await store.write([second, retraction], { seq: 4, offset: 2 });
    expect(await values()).toEqual([1]);
    expect(await store.latest()).toEqual([
      { asset: 'a1', quantity: 'temperature', time: T0, value: 1, received: T0 + 9, marks: 2 },
    ]);
  });
});
