/** Promise 1: an ack leaves only when the uplink is on disk. */
import { describe, expect, test } from 'vitest';
import { Harness } from './testing/harness.ts';

describe('acknowledged means durable', () => {
  test('a PUBACK waits for the commit of its group', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    const before = h.test.commits.length;
    const release = h.test.hold();
    client.send({
      cmd: 'publish',
      topic: 'devices/d1/readings',
      payload: '{"a":1}',
      qos: 1,
      messageId: 7,
      dup: false,
      retain: false,
    });
    await expect.poll(() => h.test.commits.length).toBe(before + 1); // the commit is under way
    await client.ping(); // behind it in the same connection, and answered
    expect(client.received).toEqual([]);
    expect(await h.uplinks()).toEqual([]);
    release();
    expect(await client.next('puback')).toMatchObject({ messageId: 7 });
    expect(await h.uplinks()).toMatchObject([{ text: '{"a":1}', device: 'd1', owner: 'aarhus', offset: 0 }]);
  });

  test('when the commit fails there is no PUBACK, the sockets close and the process is told', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    const other = await h.connected({ clientId: 'c2', username: 'd2', password: Buffer.from('secret-d2') });
    h.test.failure = new Error('no space left on device');
    const message = { cmd: 'publish', payload: '1', qos: 1, messageId: 1, dup: false, retain: false } as const;
    client.send({ ...message, topic: 'devices/d1/readings' });
    await client.closed;
    expect(client.received).toEqual([]);
    expect(h.failed?.cause).toEqual(new Error('no space left on device'));
    h.test.failure = undefined; // pages are never trusted again: what comes later fails too
    other.send({ ...message, topic: 'devices/d2/readings' });
    await other.closed;
    expect(other.received).toEqual([]);
    expect(await h.uplinks()).toEqual([]);
  });

  test('what arrives during one commit shares the next', async () => {
    await using h = await Harness.start();
    const clients = await Promise.all(['a', 'b', 'c'].map((clientId) => h.connected({ clientId })));
    const before = h.test.commits.length;
    const release = h.test.hold();
    const [first, ...others] = clients;
    const acked = [first?.publish('devices/d1/readings', 'first')];
    await expect.poll(() => h.test.commits.length).toBe(before + 1);
    for (const client of others) {
      acked.push(client.publish('devices/d1/readings', '1', 1), client.publish('devices/d1/readings', '2', 2));
      await client.ping();
    }
    release();
    await Promise.all(acked);
    expect(h.test.commits.length).toBe(before + 2);
    expect((await h.blocks()).filter((b) => b.count > 0).map((b) => b.count)).toEqual([1, 4]);
    expect((await h.uplinks()).map((u) => u.offset)).toEqual([0, 1, 2, 3, 4]);
  });

  test('stopping makes durable and acknowledges what was accepted', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    const release = h.test.hold();
    const acked = client.publish('devices/d1/readings', 'last words');
    await client.ping();
    const stopped = h.stop();
    release();
    await acked;
    await client.closed;
    await stopped;
    await h.start();
    expect(await h.uplinks()).toMatchObject([{ text: 'last words' }]);
  });

  test('accepted is counted per owner in the commit of the uplinks, and survives a restart', async () => {
    await using h = await Harness.start();
    const a = await h.connected();
    const b = await h.connected({ clientId: 'c2', username: 'd2', password: Buffer.from('secret-d2') });
    await a.publish('devices/d1/readings', '1');
    await a.publish('devices/d1/readings', '2', 2);
    await b.publish('devices/d2/readings', '3');
    const expected = new Map([
      ['aarhus', 2],
      ['viborg', 1],
    ]);
    expect(h.ingest.accepted()).toEqual(expected);
    expect(await h.metric('ingest_accepted_total', { door: 'mqtt' })).toBe(3);
    await h.restart();
    expect(h.ingest.accepted()).toEqual(expected);
  });

  test('a tick is an empty block: time passed and we were here', async () => {
    await using h = await Harness.start({ limits: { tickMs: 20 } });
    await expect.poll(async () => (await h.blocks()).length).toBeGreaterThan(2);
    const ticks = await h.blocks();
    expect(ticks.map((b) => b.count)).toEqual(ticks.map(() => 0));
    const times = ticks.map((b) => b.at);
    expect(times).toEqual(times.toSorted((x, y) => x - y));
  });
});
