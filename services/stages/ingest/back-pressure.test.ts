/** What happens when more comes in than can be kept. */
import { describe, expect, test } from 'vitest';
import type { LogStats } from '../../model/log.ts';
import { FAIR_BACKLOG_BYTES, pressure } from './pressure.ts';
import { type GateMode, ReadGate, type Waiting } from './read-gate.ts';
import { Harness } from './testing/harness.ts';

const calm: LogStats = {
  bytes: 0,
  freeBytes: 50,
  totalBytes: 100,
  commitP99: 2,
  backlogBytes: 0,
  generations: 1,
  damaged: [],
};
const free = (percent: number) => ({ ...calm, freeBytes: percent });

describe('semantics: Back-pressure', () => {
  test.each<[string, LogStats, GateMode, GateMode]>([
    ['all is well', calm, 'open', 'open'],
    ['a backlog over 1 GB', { ...calm, backlogBytes: FAIR_BACKLOG_BYTES + 1 }, 'open', 'fair'],
    ['commits over 1 s', { ...calm, commitP99: 1001 }, 'open', 'fair'],
    ['5 % free', free(5), 'open', 'open'],
    ['under 5 % free', free(4.9), 'open', 'closed'],
    ['6.9 % free after a stop', free(6.9), 'closed', 'closed'],
    ['7 % free after a stop', free(7), 'closed', 'open'],
    ['the log full of what waits', { ...calm, backlogBytes: 20e9 }, 'fair', 'closed'],
    ['a little below that, after a stop', { ...calm, backlogBytes: 19.5e9 }, 'closed', 'closed'],
    ['well below that', { ...calm, backlogBytes: 18e9 }, 'closed', 'fair'],
  ])('%s', (_, stats, before, after) => {
    expect(pressure(stats, before, 20e9).mode).toBe(after);
  });

  test('sockets are read in turns of organisations, so that a noisy one waits for itself', () => {
    let waiting = 1000;
    const gate = new ReadGate({ limit: 5000, waitingBytes: () => waiting });
    gate.setMode('fair');
    const order: string[] = [];
    const connection = (organisation: string, name: string): Waiting => ({
      organisation,
      release: () => {
        order.push(name);
        return 100;
      },
    });
    for (let i = 0; i < 4; i++) expect(gate.enter(connection('noisy', `noisy${i}`))).toBe(false);
    gate.enter(connection('quiet', 'quiet0'));
    gate.turn();
    expect(order).toEqual(['noisy0', 'quiet0']);
    gate.enter(connection('quiet', 'quiet1'));
    gate.turn();
    expect(order.slice(2)).toEqual(['noisy1', 'quiet1']);
    gate.turn();
    expect(order.slice(4)).toEqual(['noisy2']);
    waiting = 5000; // no room: nobody
    gate.turn();
    expect(order).toHaveLength(5);
    waiting = 0;
    gate.setMode('open');
    expect(order.slice(5)).toEqual(['noisy3']);
    expect(gate.size).toBe(0);
  });

  test('a connection that is gone does not keep its place', () => {
    const gate = new ReadGate({ limit: 1, waitingBytes: () => 1 });
    const gone: Waiting = { organisation: 'o', release: () => expect.unreachable() };
    gate.enter(gone);
    gate.leave(gone);
    gate.setMode('fair');
    expect(gate.size).toBe(0);
  });

  test('under 5 % of disk: no acks, CONNECT refused with 3, one platform alert; resumes at 7 %', async () => {
    await using h = await Harness.start({ limits: { pressureMs: 10 } });
    const client = await h.connected();
    await client.publish('devices/d1/readings', 'before');
    h.test.stats = free(4);
    await expect.poll(() => h.ingest.trouble()).toBeDefined();
    const acked = client.publish('devices/d1/readings', 'during', 2);
    expect(await h.client().connect({ clientId: 'c2' })).toMatchObject({ returnCode: 3 });
    await expect(
      h.ingest.door.acceptHttp({ device: 'd1', secret: 'secret-d1', body: Buffer.from('{}') }),
    ).rejects.toMatchObject({ name: 'Unavailable' });
    expect(h.alerts.list()).toMatchObject([{ name: 'ingest-stopped' }]);
    expect((await h.uplinks()).map((u) => u.text)).toEqual(['before']);
    expect(client.received).toEqual([]);
    h.test.stats = free(8);
    await acked; // nothing was dropped
    expect(h.ingest.trouble()).toBeUndefined();
    expect(h.alerts.list()).toEqual([]);
    expect((await h.uplinks()).map((u) => u.text)).toEqual(['before', 'during']);
  });

  test('no tick is written while nothing is accepted: then we are blind', async () => {
    await using h = await Harness.start({ limits: { pressureMs: 5, tickMs: 5 } });
    h.test.stats = free(4);
    await expect.poll(() => h.ingest.trouble()).toBeDefined();
    const { length } = await h.blocks();
    let asked = 0;
    await expect.poll(() => ++asked, { interval: 10 }).toBeGreaterThan(5);
    expect((await h.blocks()).length).toBeLessThanOrEqual(length + 1); // the one under way
  });

  test('read in turns, everything arrives', async () => {
    await using h = await Harness.start({ limits: { pressureMs: 5, deviceRate: 'off' } });
    h.test.stats = { backlogBytes: FAIR_BACKLOG_BYTES * 2 };
    const clients = await Promise.all(
      ['a', 'b', 'c', 'd'].map((clientId, i) =>
        h.connected(i < 3 ? { clientId } : { clientId, username: 'd2', password: Buffer.from('secret-d2') }),
      ),
    );
    for (let round = 0; round < 20; round++) {
      await Promise.all(clients.map((c, i) => c.publish(`devices/${i < 3 ? 'd1' : 'd2'}/readings`, `${i} ${round}`)));
    }
    expect(await h.uplinks()).toHaveLength(80);
    await clients[0]?.ping(); // what brings nothing to commit does not stop the turns
  });

  test('more than the limit waiting for a slow disk: sockets are not read, memory is flat, nothing is lost', async () => {
    await using h = await Harness.start({ limits: { waitingBytes: 100_000, deviceRate: 'off' } });
    const clients = await Promise.all(Array.from({ length: 8 }, (_, i) => h.connected({ clientId: `c${i}` })));
    const release = h.test.hold();
    const payload = 'x'.repeat(1000);
    for (const client of clients) {
      for (let id = 1; id <= 500; id++)
        client.send({
          cmd: 'publish',
          topic: 'devices/d1/readings',
          payload,
          qos: 1,
          messageId: id,
          dup: false,
          retain: false,
        });
    }
    await expect.poll(() => h.ingest.connections().waiting).toBeGreaterThan(4);
    // Each socket may have brought one chunk before the gate closed, not more.
    expect(h.ingest.connections().waitingBytes).toBeLessThan(100_000 + 2 * 64 * 1024);
    release();
    for (const client of clients) for (let id = 1; id <= 500; id++) await client.next('puback');
    expect(await h.uplinks()).toHaveLength(4000);
  });
});
