/** What an uplink says of where it came from, so that decode knows a redelivery; and QoS 2, which is known here. */
import type { IPublishPacket } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { Harness } from './testing/harness.ts';

function publish(packet: Partial<IPublishPacket>): IPublishPacket {
  const fixed = { cmd: 'publish', topic: 'devices/d1/readings', payload: '{"a":1}' } as const;
  return { ...fixed, qos: 1, messageId: 1, dup: false, retain: false, ...packet };
}

describe('semantics: Identity', () => {
  test('an uplink carries session, packet id, DUP and the number of its connection', async () => {
    await using h = await Harness.start();
    const first = await h.connected({ clean: false, clientId: 'pump' });
    first.send(publish({ messageId: 7 }));
    await first.next('puback');
    await first.end();
    const second = await h.connected({ clean: false, clientId: 'pump' });
    second.send(publish({ messageId: 7, dup: true }));
    await second.next('puback');
    const [a, b] = await h.uplinks();
    expect(a).toMatchObject({ session: 'pump', packetId: 7, dup: false, qos: 1 });
    expect(b).toMatchObject({ session: 'pump', packetId: 7, dup: true, qos: 1 });
    expect(b?.connection).toBeGreaterThan(a?.connection ?? 0);
  });

  test('a clean session has no name, and QoS 0 no packet id', async () => {
    await using h = await Harness.start();
    const client = await h.connected({ clean: true, clientId: 'pump' });
    client.send(publish({ qos: 0 }));
    await client.ping();
    await client.publish('devices/d1/readings', 'x', 3);
    expect(await h.uplinks()).toMatchObject([
      { session: '', packetId: 0, qos: 0 },
      { session: '', packetId: 3, qos: 1 },
    ]);
  });

  test('connection numbers rise over restarts', async () => {
    await using h = await Harness.start();
    await (await h.connected()).publish('devices/d1/readings', '1');
    await h.restart();
    await (await h.connected()).publish('devices/d1/readings', '2');
    const [a, b] = await h.uplinks();
    expect(b?.connection).toBeGreaterThan(a?.connection ?? 0);
    expect(Number.isSafeInteger(b?.connection)).toBe(true);
  });

  test('the identity a sender gives over HTTP is kept', async () => {
    await using h = await Harness.start();
    const body = Buffer.from('{"a":1}');
    await h.ingest.door.acceptHttp({ device: 'd1', secret: 'secret-d1', body, idempotencyKey: 'k-1' });
    expect(await h.uplinks()).toMatchObject([{ identity: 'k-1', door: 'http', kind: 'readings' }]);
  });

  test('QoS 2 is counted once until PUBREL, however often it is sent', async () => {
    await using h = await Harness.start();
    const client = await h.connected({ clean: false });
    for (const dup of [false, true, true]) {
      client.send(publish({ qos: 2, messageId: 9, dup }));
      await client.next('pubrec');
    }
    expect(await h.uplinks()).toHaveLength(1);
    client.send({ cmd: 'pubrel', messageId: 9 });
    await client.next('pubcomp');
    client.send(publish({ qos: 2, messageId: 9 })); // the id is free again
    await client.next('pubrec');
    expect(await h.uplinks()).toHaveLength(2);
  });

  test('copies sent at once are answered when the one that counts is durable', async () => {
    await using h = await Harness.start();
    const client = await h.connected({ clean: false });
    const release = h.test.hold();
    client.send(publish({ qos: 2, messageId: 9 }), publish({ qos: 2, messageId: 9, dup: true }));
    await client.ping();
    expect(client.received).toEqual([]);
    release();
    await client.next('pubrec');
    await client.next('pubrec');
    expect(await h.uplinks()).toHaveLength(1);
  });

  test('QoS 2 is matched across a restart of the platform', async () => {
    await using h = await Harness.start();
    const first = await h.connected({ clean: false });
    first.send(publish({ qos: 2, messageId: 9 }));
    await first.next('pubrec');
    await h.restart();
    const second = await h.connected({ clean: false });
    second.send(publish({ qos: 2, messageId: 9, dup: true }));
    await second.next('pubrec');
    second.send({ cmd: 'pubrel', messageId: 9 });
    await second.next('pubcomp');
    expect(await h.uplinks()).toHaveLength(1);
    await h.restart();
    const third = await h.connected({ clean: false });
    third.send(publish({ qos: 2, messageId: 9 })); // its end was durable before PUBCOMP
    await third.next('pubrec');
    expect(await h.uplinks()).toHaveLength(2);
  });

  test('PUBCOMP waits until the end of the handshake is durable', async () => {
    await using h = await Harness.start();
    const client = await h.connected({ clean: false });
    client.send(publish({ qos: 2, messageId: 9 }));
    await client.next('pubrec');
    const release = h.test.hold();
    client.send({ cmd: 'pubrel', messageId: 9 }, { cmd: 'pubrel', messageId: 9 });
    await client.ping();
    expect(client.received).toEqual([]);
    release();
    await client.next('pubcomp');
    await client.next('pubcomp');
  });

  test('a device that lost its session and begins anew under an open packet id loses nothing', async () => {
    await using h = await Harness.start();
    const first = await h.connected({ clean: false });
    first.send(publish({ qos: 2, messageId: 1, payload: 'old' }));
    await first.next('pubrec');
    await first.end();
    const second = await h.connected({ clean: false });
    second.send(publish({ qos: 2, messageId: 1, payload: 'new' }));
    await second.next('pubrec');
    expect((await h.uplinks()).map((u) => u.text)).toEqual(['old', 'new']);
  });

  test('a clean session begins without handshakes [MQTT-3.1.2-6]', async () => {
    await using h = await Harness.start();
    const first = await h.connected({ clean: false });
    first.send(publish({ qos: 2, messageId: 1 }));
    await first.next('pubrec');
    await first.end();
    const second = await h.connected({ clean: true });
    second.send(publish({ qos: 2, messageId: 1 }));
    await second.next('pubrec');
    expect(await h.uplinks()).toHaveLength(2);
  });

  test('handshakes nobody finishes are limited for each device', async () => {
    await using h = await Harness.start({ limits: { qos2PerDevice: 3 } });
    const client = await h.connected({ clean: false });
    for (const messageId of [1, 2, 3]) {
      client.send(publish({ qos: 2, messageId }));
      await client.next('pubrec');
    }
    client.send(publish({ qos: 2, messageId: 4 }));
    await client.closed;
    expect(await h.uplinks()).toHaveLength(3);
    expect(await h.refused('qos2-handshakes')).toBe(1);
  });
});
