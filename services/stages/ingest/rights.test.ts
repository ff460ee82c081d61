/** What a device may do follows from its credential; contract.md, Devices over MQTT. */
import { describe, expect, test } from 'vitest';
import { Harness } from './testing/harness.ts';

const message = { cmd: 'publish', payload: '{"a":1}', qos: 1, messageId: 1, dup: false, retain: false } as const;

describe('publishing', () => {
  test.each([
    ['another device', 'devices/d2/readings'],
    ['another of its own topics', 'devices/d1/commands'],
    ['below its own topic', 'devices/d1/readings/x'],
    ['a name that only looks like its own', 'devices/D1/readings'],
    ['a path', 'devices/d1/../d2/readings'],
    ['the broker', '$SYS/x'],
    ['a topic of nobody', 'constructor'],
  ])('to %s closes the connection, unacknowledged, counted and audited', async (_, topic) => {
    await using h = await Harness.start();
    const client = await h.connected();
    client.send({ ...message, topic });
    await client.closed;
    expect(client.received).toEqual([]);
    expect(await h.uplinks()).toEqual([]);
    expect(await h.refused('publish-denied')).toBe(1);
    expect(h.audit).toMatchObject([
      { action: 'ingest.publish-denied', actor: 'd1', organisation: 'aarhus', object: topic, outcome: 'denied' },
    ]);
  });

  test.each([0, 2] as const)('the same with QoS %i', async (qos) => {
    await using h = await Harness.start();
    const client = await h.connected();
    client.send({ ...message, qos, topic: 'devices/d2/readings' });
    await client.closed;
    expect(await h.uplinks()).toEqual([]);
    expect(client.received).toEqual([]);
  });

  test('readings and status are told apart', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    await client.publish('devices/d1/status', 'online');
    await client.publish('devices/d1/readings', '{"a":1}', 2);
    expect(await h.uplinks()).toMatchObject([
      { kind: 'status', text: 'online', door: 'mqtt' },
      { kind: 'readings', text: '{"a":1}', door: 'mqtt' },
    ]);
  });
});

describe('subscribing', () => {
  test('only to its own commands; anything else is refused with 0x80, counted and audited', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    const foreign = [
      '#',
      '+/+/+',
      'devices/d2/commands',
      '$SYS/#',
      '$share/x/#',
      'devices/d1/#',
      'devices/d1/readings',
    ];
    const topics = ['devices/d1/commands', ...foreign];
    client.send({ cmd: 'subscribe', messageId: 5, subscriptions: topics.map((topic) => ({ topic, qos: 1 })) });
    const suback = await client.next('suback');
    expect(suback.granted).toEqual([1, ...foreign.map(() => 0x80)]);
    expect(await h.refused('subscribe-denied')).toBe(foreign.length);
    expect(h.audit.map((line) => line.object)).toEqual(foreign);
  });

  test('a refused filter does not come back with a resumed session', async () => {
    await using h = await Harness.start();
    const first = await h.connected({ clean: false });
    const subscriptions = ['devices/d1/commands', 'devices/d2/commands'].map((topic) => ({ topic, qos: 1 as const }));
    first.send({ cmd: 'subscribe', messageId: 5, subscriptions });
    expect((await first.next('suback')).granted).toEqual([1, 0x80]);
    await first.end();
    const second = h.client();
    expect(await second.connect({ clean: false })).toMatchObject({ returnCode: 0, sessionPresent: true });
    await second.ping();
    expect(await h.refused('subscribe-denied')).toBe(1); // none more when the session was restored
  });
});

describe('client ids', () => {
  test('belong to a device: another device with the same one does not take over', async () => {
    await using h = await Harness.start();
    const mine = await h.connected({ clientId: 'same' });
    const other = await h.connected({ clientId: 'same', username: 'd2', password: Buffer.from('secret-d2') });
    await mine.publish('devices/d1/readings', '1');
    await other.publish('devices/d2/readings', '2');
    expect((await h.uplinks()).map((u) => u.device)).toEqual(['d1', 'd2']);
  });

  test('the same one of the same device takes over [MQTT-3.1.4-2]', async () => {
    await using h = await Harness.start();
    const first = await h.connected({ clientId: 'same' });
    const second = await h.connected({ clientId: 'same' });
    await first.closed;
    await second.publish('devices/d1/readings', '1');
  });

  test.each(['constructor', '__proto__', 'a/b', 'æøå', ''])('%j is one like another', async (clientId) => {
    await using h = await Harness.start();
    const client = await h.connected({ clientId });
    await client.publish('devices/d1/readings', '1');
  });
});

describe('wills', () => {
  const will = { topic: 'devices/d1/status', payload: Buffer.from('offline'), qos: 1, retain: false } as const;

  test('are uplinks like others when the connection is lost', async () => {
    await using h = await Harness.start();
    const client = await h.connected({ will });
    client.socket.resetAndDestroy();
    await expect.poll(() => h.uplinks()).toMatchObject([{ kind: 'status', text: 'offline', packetId: 0, qos: 1 }]);
  });

  test('are dropped by DISCONNECT [MQTT-3.14.4-3]', async () => {
    await using h = await Harness.start();
    const client = await h.connected({ will });
    client.send({ cmd: 'disconnect' });
    await client.closed;
    const other = await h.connected({ clientId: 'c2' });
    await other.publish('devices/d1/readings', 'after');
    expect((await h.uplinks()).map((u) => u.text)).toEqual(['after']);
  });

  test('say nothing when it is we who stop', async () => {
    await using h = await Harness.start();
    await h.connected({ will });
    await h.restart();
    expect(await h.uplinks()).toEqual([]);
  });

  test.each(['devices/d2/status', 'devices/d1/commands', '#', '$SYS/x'])('to %s are not authorised', async (topic) => {
    await using h = await Harness.start();
    expect(await h.client().connect({ will: { ...will, topic } })).toMatchObject({ returnCode: 5 });
    expect(await h.refused('will-topic')).toBe(1);
  });
});

describe('retained messages', () => {
  test('are taken as uplinks and not kept by the broker', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    for (let id = 1; id <= 20; id++) {
      client.send({ ...message, retain: true, messageId: id, topic: 'devices/d1/readings' });
      await client.next('puback');
    }
    client.send({ cmd: 'subscribe', messageId: 99, subscriptions: [{ topic: 'devices/d1/commands', qos: 1 }] });
    await client.next('suback');
    await client.ping();
    expect(client.received).toEqual([]);
    expect(await h.uplinks()).toHaveLength(20);
  });
});
