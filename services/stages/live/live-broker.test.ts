import { connect, type Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { ADMIN, openWorld, soon, tokenOf, type World } from '../api/testing/api-world.ts';

let world: World;
let port: number;
const open: { end(force: boolean): unknown }[] = [];

beforeEach(async () => {
  world = await openWorld();
  ({ port } = await world.broker.listen('127.0.0.1', 0));
  for (const [id, sharing] of [
    ['open-1', 'open'],
    ['secret-1', 'internal'],
  ]) {
    const body = { owner: 'egeby', type: 'water-level', name: id, sharing };
    await world.request('PUT', `/api/v1/assets/${id}`, body, ADMIN);
  }
});
afterEach(async () => {
  for (const client of open.splice(0)) client.end(true);
  await world.close();
});

async function subscriber(
  token: string,
  filters: string | string[],
  url = `mqtt://127.0.0.1:${port}`,
  clientId = 'same',
) {
  const client: MqttClient = mqtt.connect(url, { username: 'any', password: token, clientId, reconnectPeriod: 0 });
  open.push(client);
  const messages: [topic: string, payload: unknown, retain: boolean][] = [];
  client.on('message', (topic, payload, packet) =>
    messages.push([topic, JSON.parse(payload.toString()), packet.retain]),
  );
  client.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed')));
  });
  const granted = await client.subscribeAsync(filters, { qos: 1 }).catch(() => []);
  return {
    client,
    messages,
    granted,
    values: () => messages.map(([topic, p]) => [topic, (p as { value: number }).value]),
  };
}

const SECRET = 'live/egeby/water-level/secret-1/waterLevel';
const OPEN = 'live/egeby/water-level/open-1/waterLevel';

describe('live data over MQTT', () => {
  it('forwards what is new with time, unit and marks, and keeps nothing', async () => {
    await world.publish([{ asset: 'open-1', value: 0 }]);
    const { messages } = await subscriber(tokenOf('egeby', 'reader'), OPEN);
    await world.publish([{ asset: 'open-1', value: 1.5, time: Date.UTC(2026, 10, 23), marks: 4 }]);
    await soon(() => messages).toEqual([
      [OPEN, { time: '2026-11-23T00:00:00.000Z', value: 1.5, unit: 'm', marks: ['suspect'] }, false],
    ]);
  });

  it('refuses who has no token, and every publish', async () => {
    await expect(subscriber('wrong', OPEN)).rejects.toThrow();
    await expect(subscriber('', OPEN)).rejects.toThrow();
    const { client } = await subscriber(tokenOf('egeby', 'administrator'), OPEN);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish(OPEN, '{"value":1}');
    await closed;
  });

  it('stops when unsubscribed', async () => {
    const { client, values } = await subscriber(tokenOf('egeby', 'reader'), [OPEN, SECRET]);
    await client.unsubscribeAsync(OPEN);
    await world.publish([
      { asset: 'open-1', value: 1 },
      { asset: 'secret-1', value: 2 },
    ]);
    await soon(values).toEqual([[SECRET, 2]]);
  });

  it('speaks through a WebSocket on /mqtt, but not with the pages of others', async () => {
    const { values } = await subscriber(
      tokenOf('egeby', 'reader'),
      'live/#',
      `${world.url.replace('http', 'ws')}/mqtt`,
    );
    await world.publish([{ asset: 'open-1', value: 3 }]);
    await soon(values).toEqual([[OPEN, 3]]);
    const foreign = new WebSocket(`${world.url.replace('http', 'ws')}/mqtt`, 'mqtt', {
      origin: 'https://evil.example',
    });
    const status = await new Promise((resolve) => {
      foreign.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      foreign.on('error', () => {});
    });
    expect(status).toBe(403);
  });

  it('cuts off what is no small MQTT packet, without keeping it', async () => {
    const cut = (bytes: Buffer): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        socket.on('error', () => {});
        socket.on('data', () => {});
        socket.once('close', () => resolve());
      });
    await cut(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await cut(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])); // CONNECT of 256 MB
    await cut(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01])); // five length bytes
    const { values } = await subscriber(tokenOf('egeby', 'reader'), OPEN);
    await world.publish([{ asset: 'open-1', value: 4 }]);
    await soon(values).toEqual([[OPEN, 4]]);
  });
});

describe('semantics: Ids and the wall (live data)', () => {
  it('gives through a wildcard just what is allowed', async () => {
    const own = await subscriber(tokenOf('egeby', 'reader'), 'live/#');
    const foreign = await subscriber(tokenOf('bogeby', 'reader'), ['live/#', SECRET, 'live/egeby/+/secret-1/#']);
    await world.publish([
      { asset: 'secret-1', value: 1 },
      { asset: 'open-1', value: 2 },
    ]);
    await soon(own.values).toEqual([
      [SECRET, 1],
      [OPEN, 2],
    ]);
    await soon(foreign.values).toEqual([[OPEN, 2]]);
  });

  it('ends a grant with the next message', async () => {
    const { values } = await subscriber(tokenOf('bogeby', 'reader'), 'live/#');
    await world.publish([{ asset: 'open-1', value: 1 }]);
    await soon(values).toEqual([[OPEN, 1]]);
    const body = { owner: 'egeby', type: 'water-level', name: 'open-1', sharing: 'internal' };
    expect((await world.request('PUT', '/api/v1/assets/open-1', body, ADMIN)).status).toBe(200);
    const own = await subscriber(tokenOf('egeby', 'reader'), 'live/#');
    await world.publish([{ asset: 'open-1', value: 2 }]);
    await soon(own.values).toEqual([[OPEN, 2]]);
    expect(values()).toEqual([[OPEN, 1]]);
  });

  it('refuses filters on anything but live data', async () => {
    for (const filter of ['#', '$SYS/#', 'devices/#', '+/egeby/#']) {
      const { granted } = await subscriber(tokenOf('egeby', 'administrator'), filter);
      expect([filter, granted.some((g) => g.qos !== 128)]).toEqual([filter, false]);
    }
  });

  it('lets nobody end a connection of another by taking its client id', async () => {
    const first = await subscriber(tokenOf('egeby', 'reader'), 'live/#');
    await subscriber(tokenOf('bogeby', 'reader'), 'live/#');
    expect(first.client.connected).toBe(true);
  });
});

describe('a subscriber that stops reading', () => {
  it('is cut off, and the others get everything meanwhile', async () => {
    const healthy = await subscriber(tokenOf('egeby', 'reader'), OPEN);
    const frozen = await subscriber(tokenOf('egeby', 'manager'), 'live/#');
    const socket = (frozen.client as unknown as { stream: Socket }).stream; // MQTT.js over TCP
    socket.pause();
    const rows = Array.from({ length: 5000 }, (_, i) => ({ asset: 'open-1', value: i }));
    for (let sent = rows.length; sent <= 150_000; sent += rows.length) {
      await world.publish(rows, { stored: false });
      await soon(() => healthy.messages.length, { interval: 5, timeout: 5000 }).toBe(sent);
    }
    const cut = () =>
      world.ops.metrics.registry
        .getSingleMetric('sansevaerk_live_disconnected_total')
        ?.get()
        .then((m) => m.values.reduce((n, v) => n + v.value, 0));
    await soon(cut, { timeout: 8000 }).toBe(1);
    socket.resume();
  });
});
