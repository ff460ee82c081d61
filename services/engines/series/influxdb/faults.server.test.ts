/** What happens to the server happens to nothing that was accepted: nothing lost, nothing twice, the books balanced. */
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { batch, type Row } from '../../../../test/lib/reading-batch.ts';
import type { Fault, FaultOptions } from '../../../../test/lib/servers/fault-proxy.ts';
import { Unavailable } from '../../../model/errors.ts';
import type { SeriesStore } from '../../../model/series.ts';
import { RETRY } from '../line-protocol/retry.ts';
import { batchOf, type House, InfluxWorld, rowsOf, valuesOf } from './testing/influx-world.ts';

const T0 = Date.UTC(2026, 2, 10, 12);
const WRITES = /^\/api\/v2\/write/;

let world: InfluxWorld;
let house: House;
let store: SeriesStore;

beforeAll(async () => {
  world = await InfluxWorld.start();
});
afterAll(() => world.stop());
beforeEach(async () => {
  house = await world.house();
  store = await house.open();
});
afterEach(() => world.clear());

/** Batches of 100 rows were stored once each, and are there. */
async function expectStored(batches: number): Promise<void> {
  const n = batches * 100;
  expect(await valuesOf(store)).toHaveLength(n);
  expect((await store.counts()).byOwner.aarhus).toEqual({
    stored: n,
    readings: n,
    corrections: 0,
    duplicates: 0,
    retracted: 0,
  });
}

describe('a fault of a moment is not noticed', () => {
  const faults: [string, Fault, FaultOptions][] = [
    ['500', { kind: 'status', status: 500 }, { times: 1 }],
    ['503', { kind: 'status', status: 503 }, { times: 3 }],
    ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }, { times: 1 }],
    ['a connection that breaks', { kind: 'cut' }, { times: 1 }],
    ['an answer that is lost after the points were stored', { kind: 'lost-answer' }, { times: 2 }],
    ['a request that hangs', { kind: 'hang' }, { times: 1 }],
  ];
  it.each(faults)('%s', async (_, fault, options) => {
    await store.write(batchOf(2, 100), { seq: 2, offset: 100 });
    await world.faults.inject(fault, { ...options, only: WRITES });
    const began = performance.now();
    await store.write(batchOf(3, 100), { seq: 3, offset: 200 });
    expect(world.faults.suffered).toBe(options.times);
    if (fault.kind === 'status' && fault.headers) expect(performance.now() - began).toBeGreaterThan(950);
    await expectStored(2);
    expect(house.alerts.size).toBe(0);
  });

  it('a question that meets one is asked again where a batch depends on it', async () => {
    await store.write(batchOf(2, 100), { seq: 2, offset: 100 });
    await world.faults.inject({ kind: 'status', status: 500 }, { times: 1, only: /^\/query/ });
    await store.write([batch([{ time: T0 + 200_000, value: 9, uplink: 9 }])], { seq: 3, offset: 101 });
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 101, readings: 100, corrections: 1 });
  });
});

describe('semantics: New, duplicate or correction: restart in the middle of a batch', () => {
  const faults: [string, Fault][] = [
    ['nothing of it arrived', { kind: 'refuse' }],
    ['it arrived and nobody knows', { kind: 'lost-answer' }],
    ['nobody knows', { kind: 'hang' }],
  ];
  it.each(faults)('%s: the next start finishes it before anything else', async (_, fault) => {
    await store.write(batchOf(2, 100), { seq: 2, offset: 100 });
    await world.faults.inject(fault, fault.kind === 'refuse' ? {} : { only: WRITES });
    await expect(store.write(batchOf(3, 100), { seq: 3, offset: 200 })).rejects.toThrow(Unavailable);
    expect(house.alerts.get('series-server')).toMatch(/unable to write/);
    expect(await store.position()).toEqual({ seq: 2, offset: 100 });
    await store.close();
    await world.faults.heal();
    store = await house.open();
    expect(await store.position()).toEqual({ seq: 3, offset: 200 });
    await expectStored(2);
  });

  it('while the server is away the same batch is tried again and counted once', async () => {
    await world.faults.inject({ kind: 'refuse' });
    await expect(store.write(batchOf(2, 100), { seq: 2, offset: 100 })).rejects.toThrow(Unavailable);
    await expect(store.write(batchOf(2, 100), { seq: 2, offset: 100 })).rejects.toThrow(Unavailable);
    await expect(valuesOf(store)).rejects.toThrow(Unavailable);
    await world.faults.heal();
    await store.write(batchOf(2, 100), { seq: 2, offset: 100 });
    await expectStored(1);
    expect(house.alerts.size).toBe(0);
  });

  it('a longer batch that holds a pending one is not written: the stage has to go on behind it', async () => {
    await world.faults.inject({ kind: 'lost-answer' }, { only: WRITES });
    await expect(store.write(batchOf(2, 100), { seq: 2, offset: 100 })).rejects.toThrow(Unavailable);
    await world.faults.heal();
    const longer = [...batchOf(2, 100), ...batchOf(3, 100)];
    await expect(store.write(longer, { seq: 3, offset: 200 })).rejects.toThrow('go on from 100');
    expect(await store.position()).toEqual({ seq: 2, offset: 100 });
    await store.write(batchOf(3, 100), { seq: 3, offset: 200 });
    await expectStored(2);
  });

  it('a retraction and a correction under way are done once', async () => {
    const rows = rowsOf(2, 3);
    await store.write([batch(rows)], { seq: 2, offset: 3 });
    const [first, second, third] = rows as [Row, Row, Row]; // three
    const changes = batch(
      [{ time: second.time, value: 50, uplink: 9 }],
      [first, third].map(({ time }) => ({ time, uplink: 2, revision: 1 })),
    );
    await world.faults.inject({ kind: 'lost-answer' }, { only: /write|DELETE/ });
    await expect(store.write([changes], { seq: 3, offset: 4 })).rejects.toThrow(Unavailable);
    await store.close();
    await world.faults.heal();
    store = await house.open();
    expect(await valuesOf(store)).toEqual([[second.time, 50]]);
    expect(await store.latest()).toMatchObject([{ time: second.time, value: 50 }]);
    expect((await store.counts()).byOwner.aarhus).toEqual({
      stored: 4,
      readings: 3,
      corrections: 1,
      duplicates: 0,
      retracted: 2,
    });
  });
});

describe('points the server refuses', () => {
  it('are separated from the others, count as duplicates, and somebody is told', async () => {
    await store.write([batch([{ time: T0 - 5000, value: 7 }])], { seq: 2, offset: 1 });
    // Another asset's, so that the newest value of both has to be told apart.
    const rows = [...rowsOf(3, 100), ...rowsOf(3, 100, { asset: 'a2' })];
    await world.faults.inject(
      { kind: 'partial-write', refuses: (line) => /asset=a1.*value=3\.09/.test(line) },
      { only: WRITES },
    );
    await store.write([batch(rows)], { seq: 3, offset: 201 });
    await world.faults.heal();
    expect((await store.counts()).byOwner.aarhus).toEqual({
      stored: 201,
      readings: 191,
      corrections: 0,
      duplicates: 10,
      retracted: 0,
    });
    expect(await valuesOf(store)).toHaveLength(91);
    expect(await valuesOf(store, 'a2')).toHaveLength(100);
    expect(await store.latest(['a1', 'a2'])).toMatchObject([{ value: 3.089 }, { value: 3.099 }]);
    expect(await store.stats()).toMatchObject({ rows: 191 });
    expect(house.refused).toBe(10);
    expect(house.alerts.get('series-refused')).toMatch(/refused 10 readings/);
    // And the store goes on.
    await store.write(batchOf(4, 100), { seq: 4, offset: 301 });
    expect(await valuesOf(store)).toHaveLength(191);
  });

  it('a measurement that somebody else wrote integers to stops nothing', async () => {
    await fetch(`${world.server.url}/api/v2/write?bucket=${house.address.bucket}&precision=ms`, {
      method: 'POST',
      body: `room value=1i ${T0}`,
    });
    const rows = [...rowsOf(2, 5000), ...rowsOf(2, 5000, { asset: 'h1', type: 'hall' })];
    const before = world.faults.requests;
    await store.write([batch(rows)], { seq: 2, offset: 10_000 });
    expect(world.faults.requests - before).toBeLessThan(40);
    expect(house.alerts.get('series-refused')).toMatch(/field type conflict/);
    expect(await valuesOf(store, 'h1')).toHaveLength(5000);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({ stored: 10_000, readings: 5000, duplicates: 5000 });
    expect((await store.latest(['h1']))[0]).toMatchObject({ value: 2 + 4.999 });
    expect(await store.position()).toEqual({ seq: 2, offset: 10_000 });
  });

  it('a time that the server cannot hold is refused like any other', async () => {
    const rows = [{ time: Date.UTC(2300, 0, 1), value: 1, uplink: 1 }, ...rowsOf(2, 10)];
    await store.write([batch(rows)], { seq: 2, offset: 11 });
    expect(await valuesOf(store)).toHaveLength(10);
    expect(house.refused).toBe(1);
    expect((await store.latest())[0]).toMatchObject({ value: 2.009 });
  });
});

describe('what is no word of InfluxDB about points', () => {
  it.each([
    ['a page of a proxy', 400, '<html><title>400 Bad Request</title></html>'],
    ['its limit of a body', 413, '<html><title>413 Request Entity Too Large</title></html>'],
    ['a retention that ends', 400, '{"error":"partial write: points beyond retention policy dropped=100"}'],
    ['a limit of series', 400, '{"error":"partial write: max-series-per-database limit exceeded: (1) dropped=100"}'],
    ['a page for maintenance', 200, '<html>Back soon</html>'],
  ])('%s (%d) costs no reading: it is said and waited out', async (_, status, body) => {
    await store.write(batchOf(2, 100), { seq: 2, offset: 100 });
    const headers = { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' };
    await world.faults.inject({ kind: 'status', status, body, headers }, { only: WRITES });
    await expect(store.write(batchOf(3, 100), { seq: 3, offset: 200 })).rejects.toThrow(Unavailable);
    expect(house.alerts.get('series-server')).toMatch(/unable to write/);
    expect(await store.position()).toEqual({ seq: 2, offset: 100 });
    await world.faults.heal();
    await store.write(batchOf(3, 100), { seq: 3, offset: 200 });
    await expectStored(2);
    expect([house.refused, house.alerts.size]).toEqual([0, 0]);
  });
});

describe('hours the server refuses', () => {
  it('stay as they are known to be out of date: charts are answered from raw values', async () => {
    const H = 3_600_000;
    const rows = [0, 1, 2].map((h) => ({ time: T0 + h * H, value: h, uplink: h }));
    await store.write([batch(rows)], { seq: 2, offset: 3 });
    const refuses = (line: string) => line.includes('.hourly') && line.includes(String(T0 + H));
    await world.faults.inject({ kind: 'partial-write', refuses }, { only: WRITES });
    const windows = async () => {
      const ask = { assets: ['a1'], groups: ['a1'], quantity: 'temperature', from: T0, to: T0 + 3 * H, window: H };
      return [...((await store.windows({ ...ask, aggregates: ['sum'] })).values[0] ?? [])];
    };
    await store.maintain(T0 + 10 * H);
    expect(await windows()).toEqual([0, 1, 2]);
    expect(house.alerts.get('series-refused')).toMatch(/1 hourly rollups/);
    await world.faults.heal();
    await store.maintain(T0 + 10 * H);
    expect(await windows()).toEqual([0, 1, 2]);
    expect(await house.ask('SELECT "sum" FROM "room.hourly"')).toMatchObject([{ values: [{}, {}, {}] }]);
  });

  it('before the raw values that retention left do not stop retention', async () => {
    const H = 3_600_000;
    let before = 0;
    await store.close();
    store = await house.open({ retention: { rawBefore: () => before } });
    const write = (seq: number, ...hours: number[]) => {
      const rows = hours.map((h) => ({ time: T0 + h * H, value: h, uplink: seq }));
      return store.write([batch(rows)], { seq, offset: seq * 10 });
    };
    const maintain = async (hour: number) => {
      before = T0 + hour * H;
      await store.maintain(T0 + 300 * H);
    };
    await write(2, 0, 30, 60, 200);
    await maintain(30);
    await write(3, 2); // older than what is kept
    await maintain(30);
    await maintain(100);
    // The bucket itself: the store does not show what is too old.
    expect(await house.ask('SELECT "value" FROM "room"')).toMatchObject([{ values: [[T0 + 200 * H, 200]] }]);
    expect(await house.ask('SELECT "count" FROM "room.hourly"')).toMatchObject([{ values: [{}, {}, {}, {}] }]);
    await store.close();
    store = await house.open({ retention: { rawBefore: () => before } });
    await maintain(190);
    expect(await valuesOf(store)).toHaveLength(1);
  });
});

describe('a server that is away', () => {
  it('is noticed by a question and by housekeeping, not only by a write; a question clears it', async () => {
    await store.write(batchOf(2, 10), { seq: 2, offset: 10 });
    await world.faults.inject({ kind: 'refuse' });
    await expect(valuesOf(store)).rejects.toThrow(Unavailable);
    expect(house.alerts.get('series-server')).toMatch(/^series: InfluxDB: /);
    await world.faults.heal();
    expect(await valuesOf(store)).toHaveLength(10);
    expect(house.alerts.size).toBe(0);
    await world.faults.inject({ kind: 'hang' });
    await expect(store.maintain(Date.now())).rejects.toThrow(Unavailable);
    expect(house.alerts.has('series-server')).toBe(true);
    await world.faults.heal();
    await store.maintain(Date.now());
    expect(house.alerts.size).toBe(0);
  });

  it('that takes no points and answers questions is away', async () => {
    await world.faults.inject({ kind: 'status', status: 401 }, { only: WRITES });
    await expect(store.write(batchOf(2, 10), { seq: 2, offset: 10 })).rejects.toThrow(Unavailable);
    await store.points({ asset: 'a1', quantity: 'temperature', from: 0, to: 1, limit: 1 });
    expect(house.alerts.has('series-server')).toBe(true);
  });

  it('is one line in the log when it goes and one when it is back', async () => {
    const lines: string[] = [];
    const logger = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
    await store.close();
    store = await house.open({ logger });
    await world.faults.inject({ kind: 'refuse' });
    for (let tries = 0; tries < 2; tries++)
      await expect(store.write(batchOf(2, 10), { seq: 2, offset: 10 })).rejects.toThrow(Unavailable);
    await world.faults.heal();
    await store.write(batchOf(2, 10), { seq: 2, offset: 10 });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 40, reason: expect.stringMatching(/ECONNREFUSED/), msg: expect.stringMatching(/^InfluxDB/) },
      { level: 30, seconds: expect.any(Number), msg: 'InfluxDB answers again' },
    ]);
  });

  it.each(['refuse', 'hang'] as const)('does not hold up the end of the process (%s)', async (kind) => {
    const stopping = new AbortController();
    await store.write(batchOf(2, 10), { seq: 2, offset: 10 });
    await store.close();
    store = await house.open({ stopping: stopping.signal, times: { ...RETRY } });
    await world.faults.inject({ kind });
    const before = world.faults.suffered;
    const underWay = Promise.allSettled([
      store.write(batchOf(3, 10), { seq: 3, offset: 20 }),
      store.maintain(Date.now()),
    ]);
    if (kind === 'hang') await expect.poll(() => world.faults.suffered).toBeGreaterThan(before);
    const began = performance.now();
    stopping.abort();
    for (const ended of await underWay) expect(ended).toMatchObject({ reason: expect.any(Unavailable) });
    await store.close();
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('a server that is well finishes the batch in hand at the end of the process', async () => {
    const stopping = new AbortController();
    await store.close();
    store = await house.open({ stopping: stopping.signal });
    const writing = store.write(batchOf(2, 100), { seq: 2, offset: 100 });
    stopping.abort();
    await writing;
    await expectStored(1);
  });
});

describe('a server that is set up wrongly', () => {
  it.each([401, 403, 404])('%d is said and waited out; nothing is lost', async (status) => {
    await world.faults.inject({ kind: 'status', status, body: '{"error":"unauthorized access"}' });
    await expect(store.write(batchOf(2, 100), { seq: 2, offset: 100 })).rejects.toThrow(/check the address/);
    expect(house.alerts.get('series-server')).toMatch(/unauthorized access/);
    await world.faults.heal();
    await store.write(batchOf(2, 100), { seq: 2, offset: 100 });
    await expectStored(1);
    expect(house.alerts.size).toBe(0);
  });
});
