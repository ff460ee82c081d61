import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Step } from '../step.ts';
import { startTinyBroker, type TinyBroker } from '../testing/tiny-broker.ts';
import { createClock } from '../world/clock.ts';
import { openRecordFile, type RecordLine } from './record-file.ts';
import { type RunDevice, runDevices } from './run-devices.ts';

let broker: TinyBroker;
let folder: string;

beforeEach(async () => {
  broker = await startTinyBroker();
  folder = await mkdtemp(join(tmpdir(), 'sim-'));
});
afterEach(async () => {
  await broker.close();
  await rm(folder, { recursive: true });
});

const atOnce = () => createClock({ start: 0, speed: Number.POSITIVE_INFINITY });
const publish = (payload: string): Step => ({ kind: 'publish', at: 0, payload });
const device = (id: string, n: number): RunDevice => ({
  id,
  secret: 'secret',
  steps: Array.from({ length: n }, (_, i) => publish(`{"startCount":${i + 1}}`)),
});
const readings = (id: string): string[] =>
  broker.received.filter((m) => m.topic === `devices/${id}/readings`).map((m) => m.payload);

describe('runDevices', () => {
  it('publishes every message of every device, in order, and says what was acknowledged', async () => {
    const devices = Array.from({ length: 30 }, (_, i) => device(`d${i}`, 20));
    let acks = 0;
    const result = await runDevices({
      url: broker.url,
      devices,
      clock: atOnce(),
      maxConnections: 7,
      onAck: () => acks++,
    });
    expect(result).toEqual({ sent: 600, acked: 600, unacked: 0, reconnects: 0, refused: [] });
    expect(acks).toBe(600);
    for (const { id, steps } of devices) {
      expect(readings(id)).toEqual([...steps].map((s) => (s.kind === 'publish' ? s.payload : '')));
    }
  });

  it('says online at birth and offline when it leaves, and leaves a will', async () => {
    await runDevices({ url: broker.url, devices: [device('d', 1)], clock: atOnce() });
    expect(broker.received.filter((m) => m.topic === 'devices/d/status').map((m) => m.payload)).toEqual([
      'online',
      'offline',
    ]);
    expect(broker.connects).toEqual([{ client: 'd', clean: true, keepsWill: true }]);
  });

  it('never has more in flight than allowed', async () => {
    broker.acknowledge = (m) => m.topic.endsWith('/status');
    const stop = new AbortController();
    const run = runDevices({
      url: broker.url,
      devices: [device('d', 50)],
      clock: atOnce(),
      inFlight: 5,
      signal: stop.signal,
      drainMs: 50,
    });
    await broker.until(() => readings('d').length === 5);
    stop.abort();
    expect(await run).toMatchObject({ sent: 5, acked: 0, unacked: 5 });
    expect(readings('d')).toHaveLength(5);
  });

  it('comes back after a lost connection and sends what was not acknowledged again', async () => {
    let deaf = true;
    broker.acknowledge = (m) => !deaf || m.topic.endsWith('/status');
    const steps = function* (): Generator<Step> {
      yield publish('{"a":1}');
      yield { kind: 'reconnect', at: 0 };
      deaf = false;
      yield publish('{"a":2}');
    };
    const result = await runDevices({
      url: broker.url,
      devices: [{ id: 'd', secret: 's', steps: steps() }],
      clock: atOnce(),
      clean: false,
    });
    expect(result).toMatchObject({ sent: 2, acked: 2, reconnects: 1 });
    expect(new Set(readings('d'))).toEqual(new Set(['{"a":1}', '{"a":2}']));
    expect(broker.connects.map((c) => c.clean)).toEqual([false, false]);
  });

  it('gives up on a device whose credentials are refused, and goes on with the others', async () => {
    broker.returnCode = (client) => (client === 'bad' ? 4 : 0);
    const problems: string[] = [];
    const result = await runDevices({
      url: broker.url,
      devices: [device('bad', 3), device('good', 3)],
      clock: atOnce(),
      onProblem: (id, error) => problems.push(`${id}: ${error.message}`),
    });
    expect(result).toMatchObject({ acked: 3, refused: ['bad'] });
    expect(problems).toContain('bad: the broker refused its credentials');
  });

  it('is patient with a broker that is unavailable for a while', async () => {
    let busy = 2;
    broker.returnCode = () => (busy-- > 0 ? 3 : 0);
    const result = await runDevices({ url: broker.url, devices: [device('d', 2)], clock: atOnce(), retryMs: [1, 20] });
    expect(result).toMatchObject({ acked: 2, refused: [] });
    expect(broker.connects).toHaveLength(3);
  });

  it('loses nothing when the line is cut again and again', async () => {
    const steps = function* (): Generator<Step> {
      for (let i = 0; i < 60; i++) {
        yield publish(`{"a":${i}}`);
        if (i % 20 < 2) yield { kind: 'reconnect', at: 0 };
      }
    };
    const devices = ['x', 'y', 'z'].map((id) => ({ id, secret: 's', steps: steps() }));
    const result = await runDevices({ url: broker.url, devices, clock: atOnce(), clean: false, retryMs: [1, 20] });
    expect(result).toMatchObject({ sent: 180, acked: 180, unacked: 0 });
    for (const { id } of devices) expect(new Set(readings(id)).size).toBe(60);
  });

  it('sends what waited behind the resending of a session when the line was cut once more', async () => {
    broker.acknowledge = () => broker.connects.length > 2;
    const resent = () => broker.connects.length === 2 && readings('d').length === 2;
    const waits = [() => true, () => readings('d').length === 1, () => true, resent];
    const steps: Step[] = [
      { kind: 'publish', at: 0, payload: '{"a":1}' },
      { kind: 'reconnect', at: 1 },
      { kind: 'publish', at: 3, payload: '{"a":2}' },
      { kind: 'reconnect', at: 4 },
    ];
    const result = await runDevices({
      url: broker.url,
      devices: [{ id: 'd', secret: 's', steps }],
      clock: { now: () => 0, until: (at) => broker.until(waits[at] ?? (() => true)) },
      clean: false,
      status: false,
      retryMs: [1, 5],
    });
    expect(result).toMatchObject({ sent: 2, acked: 2 });
    expect(readings('d')).toEqual(['{"a":1}', '{"a":1}', '{"a":1}', '{"a":2}']);
  });

  it('stops while it waits for its first connection', async () => {
    const stop = new AbortController();
    const run = runDevices({
      url: 'mqtt://127.0.0.1:9',
      devices: [device('d', 1)],
      clock: atOnce(),
      signal: stop.signal,
    });
    stop.abort();
    expect(await run).toMatchObject({ sent: 0, refused: [] });
  });

  it('stops waiting for the next report', async () => {
    const stop = new AbortController();
    const steps: Step[] = [publish('{}'), { kind: 'publish', at: 1e12, payload: '{}' }];
    const run = runDevices({
      url: broker.url,
      devices: [{ id: 'd', secret: 's', steps }],
      clock: createClock({ start: 0, speed: 1 }),
      signal: stop.signal,
      onAck: () => stop.abort(),
    });
    expect(await run).toMatchObject({ sent: 1, acked: 1 });
  });
});

describe('record', () => {
  const lines = async (path: string): Promise<RecordLine[]> =>
    (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('has the intent on disk before the message leaves and the acknowledgement before it is reported', async () => {
    const path = join(folder, 'record.ndjson');
    const record = await openRecordFile(path);
    const early: string[] = [];
    let checks = Promise.resolve();
    const onDisk = (type: string, id: string, n: number): void => {
      checks = checks.then(async () => {
        if (!(await lines(path)).some((l) => l.type === type && l.device === id && l.n === n))
          early.push(`${type} ${id} ${n}`);
      });
    };
    broker.acknowledge = (m) => {
      if (m.topic.endsWith('/readings')) onDisk('intent', m.client, JSON.parse(m.payload).startCount);
      return true;
    };
    await runDevices({
      url: broker.url,
      devices: [device('a', 10), device('b', 10)],
      clock: atOnce(),
      record,
      onAck: (ack) => onDisk('ack', ack.device, ack.n),
    });
    await record.close();
    await checks;
    expect(early).toEqual([]);
    const all = await lines(path);
    expect(all).toHaveLength(40);
    expect(all.find((l) => l.type === 'intent')).toEqual({
      type: 'intent',
      device: 'a',
      n: 1,
      qos: 1,
      payload: '{"startCount":1}',
    });
    for (const id of ['a', 'b']) {
      expect(all.filter((l) => l.device === id && l.type === 'intent').map((l) => l.n)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
      ]);
    }
  });

  it('ends the run when it cannot be written: without it there is no truth to compare with', async () => {
    const record = await openRecordFile(join(folder, 'closed.ndjson'));
    await record.close();
    await expect(runDevices({ url: broker.url, devices: [device('a', 3)], clock: atOnce(), record })).rejects.toThrow(
      'is closed',
    );
    expect(readings('a')).toEqual([]);
  });

  it('keeps bytes that are no text', async () => {
    const path = join(folder, 'bytes.ndjson');
    const record = await openRecordFile(path);
    const steps: Step[] = [{ kind: 'publish', at: 0, payload: Uint8Array.of(0, 255, 128) }];
    await runDevices({ url: broker.url, devices: [{ id: 'a', secret: 's', steps }], clock: atOnce(), record });
    await record.close();
    expect((await lines(path))[0]).toMatchObject({ type: 'intent', payload: 'AP+A', encoding: 'base64' });
  });
});
