/** What the broker routes: commands from us to a device, and nothing else. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { PublishPacket } from 'aedes';
import { expect, test } from 'vitest';
import { DeviceBroker } from './device-broker.ts';
import { RawClient } from './testing/raw-client.ts';

const packet = (topic: string, payload: string): PublishPacket => ({
  cmd: 'publish',
  topic,
  payload: Buffer.from(payload),
  qos: 1,
  dup: false,
  retain: false,
});

test('only commands from us reach a subscriber', async () => {
  const broker = new DeviceBroker({});
  await broker.listen();
  const server = createServer((socket) => broker.handle(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const device = new RawClient({ port });
  const other = new RawClient({ port });
  await device.connect();
  await other.connect({ clientId: 'c2' });
  device.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '#', qos: 1 }] });
  await device.next('suback');
  await other.publish('devices/d1/commands', 'from a client');
  await other.publish('devices/d1/readings', 'from a client', 2);
  await new Promise<void>((resolve) => broker.publish(packet('elsewhere', 'x'), () => resolve()));
  broker.publish(packet('devices/d1/commands', 'from us'), () => {});
  expect(await device.next('publish')).toMatchObject({ topic: 'devices/d1/commands', payload: Buffer.from('from us') });
  await device.ping();
  expect(device.received).toEqual([]);
  await Promise.all([device.end(), other.end()]);
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  server.close();
});
