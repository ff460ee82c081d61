/** Each limit of the MQTT door: what goes over it is closed or waits, is counted, leaves one audit line. */
import mqtt, { type IConnectPacket } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { Harness } from './testing/harness.ts';
import { connectOf, type RawClient } from './testing/raw-client.ts';

const publish = (payload: Buffer | string, qos: 0 | 1 = 1, messageId = 1) =>
  mqtt.generate({
    cmd: 'publish',
    topic: 'devices/d1/readings',
    payload,
    qos,
    messageId,
    dup: false,
    retain: false,
  });

async function closedFor(h: Harness, client: RawClient, reason: string): Promise<void> {
  await client.closed;
  expect(await h.refused(reason)).toBe(1);
  expect(h.audit.map((line) => line.action)).toEqual([`ingest.${reason}`]);
}

describe('packet size', () => {
  test('64 KiB pass, whole or in pieces', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    const largest = publish('x'.repeat(65_536 - 27));
    expect(largest.length).toBe(65_536);
    client.send(largest);
    await client.next('puback');
    for (let at = 0; at < largest.length; at += 10_000) client.send(largest.subarray(at, at + 10_000));
    await client.next('puback');
    expect((await h.uplinks()).map((u) => u.text.length)).toEqual([65_509, 65_509]);
  });

  test('one byte more closes the connection, before it is read', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    client.send(publish('x'.repeat(65_537 - 27)).subarray(0, 20));
    await closedFor(h, client, 'packet-too-large');
  });

  test('256 MB declared cost no memory', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    const before = process.memoryUsage().arrayBuffers;
    client.send(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f, 0, 19]));
    await closedFor(h, client, 'packet-too-large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
  });

  test('a length of five bytes is malformed', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    client.send(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]));
    await closedFor(h, client, 'malformed-length');
  });
});

describe('before CONNECT', () => {
  test('nothing else is taken', async () => {
    await using h = await Harness.start();
    const client = h.client();
    client.send(publish('x'));
    await closedFor(h, client, 'first-not-connect');
  });

  test('a CONNECT of more than 8 KiB is not read', async () => {
    await using h = await Harness.start();
    const client = h.client();
    client.send(Buffer.from([0x10, 0xff, 0xff, 0x03]));
    await closedFor(h, client, 'packet-too-large');
  });

  test('5 seconds (here less) to complete it, also byte by byte', async () => {
    await using h = await Harness.start({ limits: { connectMs: 150 } });
    const client = h.client();
    const bytes = mqtt.generate(connectOf());
    let at = 0;
    const drip = setInterval(() => client.send(bytes.subarray(at, ++at)), 20);
    await closedFor(h, client, 'connect-deadline');
    clearInterval(drip);
    expect(at).toBeLessThan(bytes.length);
  });

  test('silent connections are limited for each address and altogether', async () => {
    await using h = await Harness.start({ limits: { halfOpenPerAddress: 3 } });
    const silent = [h.client(), h.client(), h.client()];
    await expect.poll(() => h.ingest.connections().halfOpen).toBe(3);
    await closedFor(h, h.client(), 'too-many-half-open');
    await silent[0]?.end();
    await expect.poll(() => h.ingest.connections().halfOpen).toBe(2);
    await h.connected(); // connected ones do not count
    await expect.poll(() => h.ingest.connections().halfOpen).toBe(2);
    await h.connected({ clientId: 'c2' });
  });

  test('connections are limited', async () => {
    await using h = await Harness.start({ limits: { connections: 2 } });
    await h.connected({ clientId: 'a' });
    await h.connected({ clientId: 'b' });
    await closedFor(h, h.client(), 'too-many-connections');
  });

  test('what is sent behind CONNECT waits for its answer', async () => {
    await using h = await Harness.start();
    const client = h.client();
    const messages = Array.from({ length: 200 }, (_, i) => publish(`${i}`, 1, i + 1));
    client.send(connectOf(), ...messages);
    expect(await client.next('connack')).toMatchObject({ returnCode: 0 });
    for (let i = 0; i < 200; i++) await client.next('puback');
    expect((await h.uplinks()).map((u) => u.text)).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
  });
});

describe('versions', () => {
  test.each<[string, Partial<IConnectPacket>]>([
    ['3.1', { protocolId: 'MQIsdp', protocolVersion: 3 }],
    ['a bridge', { bridgeMode: true } as Partial<IConnectPacket>], // its types leave this out
  ])('%s is answered with 1', async (_, options) => {
    await using h = await Harness.start();
    const client = h.client();
    expect(await client.connect(options)).toMatchObject({ returnCode: 1 });
    await closedFor(h, client, 'protocol-version');
  });

  test('5.0 is answered in its own form: reason code 0x84', async () => {
    await using h = await Harness.start();
    const client = h.client();
    const bytes: Buffer[] = [];
    client.socket.removeAllListeners('data');
    client.socket.on('data', (chunk: Buffer) => bytes.push(chunk));
    client.send(mqtt.generate({ ...connectOf(), protocolVersion: 5 }, { protocolVersion: 5 }));
    await closedFor(h, client, 'protocol-version');
    expect(Buffer.concat(bytes)).toEqual(Buffer.from([0x20, 3, 0, 0x84, 0]));
  });
});

describe('rate of a device', () => {
  test('above 20 a second it is read more slowly and nothing is lost', async () => {
    await using h = await Harness.start({ limits: { deviceRate: 100 } });
    const client = await h.connected();
    const started = performance.now();
    client.send(...Array.from({ length: 1020 }, (_, i) => publish(`${i}`, 1, i + 1)));
    for (let i = 0; i < 1020; i++) await client.next('puback');
    // The burst is a thousand; each of the others waits its hundredth of a second.
    expect(performance.now() - started).toBeGreaterThan(150);
    expect((await h.uplinks()).map((u) => u.text)).toEqual(Array.from({ length: 1020 }, (_, i) => `${i}`));
    expect(h.audit).toEqual([]);
  });

  test('another device does not wait for it', async () => {
    await using h = await Harness.start({ limits: { deviceRate: 1 } });
    const noisy = await h.connected();
    noisy.send(...Array.from({ length: 50 }, (_, i) => publish(`${i}`, 1, i + 1)));
    const other = await h.connected({ clientId: 'c2', username: 'd2', password: Buffer.from('secret-d2') });
    await other.publish('devices/d2/readings', 'mine');
    const mine = (await h.uplinks()).filter((u) => u.device === 'd1');
    expect(mine.length).toBeLessThanOrEqual(11);
  });

  test('connections of one device share it, and HTTP too', async () => {
    await using h = await Harness.start({ limits: { deviceRate: 1, rateWaitMs: 0 } });
    const client = await h.connected();
    client.send(...Array.from({ length: 10 }, (_, i) => publish(`${i}`, 1, i + 1)));
    for (let i = 0; i < 10; i++) await client.next('puback');
    await expect(
      h.ingest.door.acceptHttp({ device: 'd1', secret: 'secret-d1', body: Buffer.from('{}') }),
    ).rejects.toMatchObject({ code: 'too-many' });
  });

  test('can be off', async () => {
    await using h = await Harness.start({ limits: { deviceRate: 'off' } });
    const client = await h.connected();
    client.send(...Array.from({ length: 2000 }, (_, i) => publish(`${i}`, 1, i + 1)));
    for (let i = 0; i < 2000; i++) await client.next('puback');
  });
});

describe('subscriptions', () => {
  test('more than 16 filters in one SUBSCRIBE close the connection', async () => {
    await using h = await Harness.start();
    const client = await h.connected();
    const subscriptions = Array.from({ length: 17 }, (_, i) => ({ topic: `t${i}`, qos: 0 as const }));
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    await closedFor(h, client, 'too-many-filters');
  });
});

describe('keep alive', () => {
  test('one and a half times of it in silence close the connection [MQTT-3.1.2-24]', async () => {
    await using h = await Harness.start();
    const client = await h.connected({ keepalive: 1 });
    const talking = await h.connected({ keepalive: 1, clientId: 'c2' });
    const talk = setInterval(() => talking.send({ cmd: 'pingreq' }), 300);
    await client.closed;
    clearInterval(talk);
    expect(await h.refused('keep-alive')).toBe(1);
    await talking.ping();
  });
});
