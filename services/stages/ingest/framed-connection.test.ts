/** The frame around a socket: what is cut into packets, what is held back, what leaves in one write. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import mqtt from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { FramedConnection, type Shared } from './framed-connection.ts';
import { DEFAULT_LIMITS, type IngestLimits } from './limits.ts';
import { Flusher } from './out-buffer.ts';
import { readPublish } from './publish-packet.ts';
import { ReadGate } from './read-gate.ts';
import { connectOf } from './testing/raw-client.ts';

/** A socket in memory: `feed` is what comes from the device, `writes` what goes to it. */
class FakeSocket extends Duplex {
  readonly remoteAddress = '192.0.2.1';
  writes: Buffer[] = [];
  /** The peer does not read: nothing written ever arrives. */
  stuck = false;
  #done: (() => void) | undefined;

  constructor() {
    super({ writableHighWaterMark: 100 });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk);
    if (this.stuck) this.#done = done;
    else done();
  }

  unstick(): void {
    this.stuck = false;
    this.#done?.();
  }

  destroySoon(): void {
    this.destroy();
  }

  feed(...chunks: Uint8Array[]): void {
    for (const chunk of chunks) this.push(chunk);
  }
}

type Take = Shared['takePublish'];

function open(limits: Partial<IngestLimits> = {}, takePublish: Take = () => false) {
  const breaches: string[] = [];
  const socket = new FakeSocket();
  const gate = new ReadGate({ limit: 1000, waitingBytes: () => 0 });
  const connection = new FramedConnection(socket as unknown as Socket, {
    limits: { ...DEFAULT_LIMITS, ...limits },
    gate,
    flusher: new Flusher(),
    takePublish,
    breach: (_, reason) => breaches.push(reason),
  });
  const passed: Buffer[] = [];
  connection.on('data', (chunk: Buffer) => passed.push(chunk));
  return { breaches, socket, gate, connection, passed };
}

async function ready(limits: Partial<IngestLimits> = {}, takePublish?: Take) {
  const opened = open(limits, takePublish);
  opened.socket.feed(mqtt.generate(connectOf()));
  await expect.poll(() => opened.passed.length).toBe(1);
  opened.connection.ready();
  opened.passed.length = 0;
  return opened;
}

const publish = (payload: string, messageId = 1) =>
  mqtt.generate({ cmd: 'publish', topic: 't', payload, qos: 1, messageId, dup: false, retain: false });

describe('what comes in', () => {
  test('arrives as whole packets, wherever the network cuts', async () => {
    const bytes = Buffer.concat(Array.from({ length: 30 }, (_, i) => publish('x'.repeat(i * 9), i + 1)));
    for (const size of [1, 2, 3, 5, 7, 64, 1000, bytes.length]) {
      const { socket, passed } = await ready();
      for (let at = 0; at < bytes.length; at += size) socket.feed(bytes.subarray(at, at + size));
      await expect.poll(() => Buffer.concat(passed).length).toBe(bytes.length);
      expect(Buffer.concat(passed)).toEqual(bytes);
      // Each piece that was passed begins with a PUBLISH and ends with the end of one.
      for (const piece of passed) expect(piece[0]).toBe(0x32);
    }
  });

  test('behind CONNECT waits until that is answered', async () => {
    const { socket, connection, passed } = open();
    socket.feed(Buffer.concat([mqtt.generate(connectOf()), publish('a')]), publish('b'));
    await expect.poll(() => passed.length).toBe(1);
    expect(connection.isHeld).toBe(true);
    connection.ready();
    await expect.poll(() => Buffer.concat(passed.slice(1))).toEqual(Buffer.concat([publish('a'), publish('b')]));
  });

  test('ends after what was held has gone through', async () => {
    const { socket, connection, passed } = open();
    socket.feed(Buffer.concat([mqtt.generate(connectOf()), publish('a')]));
    socket.push(null);
    await expect.poll(() => connection.isHeld).toBe(true);
    const ended = new Promise((resolve) => connection.once('end', resolve));
    connection.ready();
    await ended;
    expect(passed[1]).toEqual(publish('a'));
  });

  test('is not read further while the reader is behind', async () => {
    const { socket, connection } = await ready();
    connection.pause();
    for (let i = 0; i < 10; i++) socket.feed(publish('x'.repeat(30_000)));
    await expect.poll(() => socket.isPaused()).toBe(true);
    connection.resume();
    await expect.poll(() => socket.isPaused()).toBe(false);
  });
});

describe('what the door takes at once', () => {
  /** Takes every publish whose payload begins with a, and remembers its packet id. */
  function taker() {
    const taken: number[] = [];
    const take: Take = (_, bytes, at, from) => {
      const fields = readPublish(bytes, at, from);
      if (bytes[fields.payloadFrom] !== 'a'.charCodeAt(0)) return false;
      taken.push(fields.packetId);
      return true;
    };
    return { taken, take };
  }
  const ack = (messageId: number) => mqtt.generate({ cmd: 'puback', messageId });

  test('does not reach aedes; the rest does, whole and in order', async () => {
    const { taken, take } = taker();
    const { socket, passed } = await ready({}, take);
    socket.feed(Buffer.concat([publish('x1', 1), publish('a', 2), publish('a', 3), publish('x2', 4), publish('a', 5)]));
    await expect.poll(() => Buffer.concat(passed)).toEqual(Buffer.concat([publish('x1', 1), publish('x2', 4)]));
    expect(taken).toEqual([2, 3, 5]);
  });

  test('does not include what comes behind DISCONNECT', async () => {
    const { taken, take } = taker();
    const { socket, passed, breaches } = await ready({}, take);
    const disconnect = mqtt.generate({ cmd: 'disconnect' });
    socket.feed(Buffer.concat([publish('a', 2), disconnect, publish('a', 3)]), publish('a', 4));
    await expect.poll(() => Buffer.concat(passed)).toEqual(disconnect);
    expect(taken).toEqual([2]);
    expect(breaches).toEqual([]);
  });

  test('is acknowledged when it is settled, in one write', async () => {
    const { take } = taker();
    const { socket, connection } = await ready({}, take);
    socket.feed(publish('a', 7), publish('a', 300));
    connection.settle(7, null);
    connection.settle(0, null); // QoS 0
    connection.settle(300, null);
    await expect.poll(() => socket.writes).toEqual([Buffer.concat([ack(7), ack(300)])]);
  });

  test('closes the connection without an ack when it fails', async () => {
    const { taken, take } = taker();
    const { socket, connection } = await ready({}, take);
    socket.feed(publish('a', 7), publish('a', 8));
    await expect.poll(() => taken.length).toBe(2);
    connection.settle(7, new Error('no disk'));
    connection.settle(8, new Error('no disk'));
    expect(connection.destroyed).toBe(true);
    expect(socket.writes).toEqual([]);
  });

  test('stops the reading when too much of it waits for the disk', async () => {
    const { taken, take } = taker();
    const { socket, connection } = await ready({}, take);
    for (let id = 1; id <= 1500; id++) socket.feed(publish('a', id));
    await expect.poll(() => socket.isPaused()).toBe(true);
    expect(taken.length).toBe(1000);
    for (let id = 1; id <= 500; id++) connection.settle(id, null);
    await expect.poll(() => taken.length).toBe(1500);
    expect(connection.destroyed).toBe(false);
  });
});

describe('what goes out', () => {
  test('in one turn leaves in one write', async () => {
    const { socket, connection } = await ready();
    for (let id = 1; id <= 500; id++) mqtt.writeToStream({ cmd: 'puback', messageId: id }, connection);
    await expect.poll(() => socket.writes.length).toBe(1);
    const expected = Array.from({ length: 500 }, (_, i) => mqtt.generate({ cmd: 'puback', messageId: i + 1 }));
    expect(socket.writes[0]).toEqual(Buffer.concat(expected));
  });

  test('to a client that does not read is held, it is not read either, and closed in the end', async () => {
    const { socket, connection, breaches } = await ready({ drainMs: 30 });
    socket.stuck = true;
    connection.write(Buffer.alloc(200));
    await expect.poll(() => socket.isPaused()).toBe(true);
    expect(connection.write(Buffer.alloc(1))).toBe(false);
    await expect.poll(() => breaches).toEqual(['acks-unread']);
    expect(connection.destroyed).toBe(true);
  });

  test('goes on when the client reads again', async () => {
    const { socket, connection, breaches } = await ready();
    socket.stuck = true;
    connection.write(Buffer.alloc(200));
    await expect.poll(() => socket.isPaused()).toBe(true);
    const drained = new Promise<void>((resolve) => connection.once('drain', resolve));
    socket.unstick();
    await drained;
    expect(socket.isPaused()).toBe(false);
    expect(breaches).toEqual([]);
  });

  test('a reader told to wait hears when it may go on', async () => {
    const { connection } = await ready();
    const drained = new Promise<void>((resolve) => connection.once('drain', resolve));
    expect(connection.write(Buffer.alloc(100_000))).toBe(false);
    await drained;
  });
});
