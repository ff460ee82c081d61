/** Just enough of an MQTT 3.1.1 broker to see what devices send: no routing, no sessions, every packet on record. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

interface Received {
  client: string;
  topic: string;
  payload: string;
  qos: number;
  packetId: number;
}

export interface TinyBroker {
  url: string;
  received: Received[];
  connects: { client: string; clean: boolean; keepsWill: boolean }[];
  /** Called for each PUBLISH; false: no acknowledgement. */
  acknowledge: (message: Received) => boolean;
  /** The return code of a CONNACK; 0 accepts. */
  returnCode: (client: string) => number;
  /** Resolves when the condition holds; looked at after each packet. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startTinyBroker(): Promise<TinyBroker> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let buffer = Buffer.alloc(0);
    let client = '';
    socket.on('data', (data) => {
      buffer = Buffer.concat([buffer, data]);
      for (let packet = takePacket(); packet; packet = takePacket()) {
        handle(packet.header, packet.body);
        for (const look of waiting) look();
      }
    });

    /** [MQTT-2.2.3]: up to four bytes of remaining length. */
    const takePacket = (): { header: number; body: Buffer } | undefined => {
      let length = 0;
      for (let i = 1; i < Math.min(5, buffer.length); i++) {
        const byte = buffer[i]!; // within the buffer
        length += (byte & 127) << (7 * (i - 1));
        if (byte & 128) continue;
        if (buffer.length < i + 1 + length) return undefined;
        const packet = { header: buffer[0]!, body: buffer.subarray(i + 1, i + 1 + length) }; // length checked just here
        buffer = buffer.subarray(i + 1 + length);
        return packet;
      }
      return undefined;
    };

    const handle = (header: number, body: Buffer): void => {
      switch (header >> 4) {
        case 1: {
          const flags = body[7] ?? 0;
          client = body.toString('utf8', 12, 12 + body.readUInt16BE(10));
          broker.connects.push({ client, clean: (flags & 2) !== 0, keepsWill: (flags & 4) !== 0 });
          socket.write(Buffer.from([0x20, 2, 0, broker.returnCode(client)]));
          break;
        }
        case 3: {
          const qos = (header >> 1) & 3;
          const end = 2 + body.readUInt16BE(0);
          const message = {
            client,
            topic: body.toString('utf8', 2, end),
            payload: body.toString('utf8', end + (qos > 0 ? 2 : 0)),
            qos,
            packetId: qos > 0 ? body.readUInt16BE(end) : 0,
          };
          broker.received.push(message);
          if (qos > 0 && broker.acknowledge(message)) socket.write(reply(qos === 1 ? 0x40 : 0x50, message.packetId));
          break;
        }
        case 6:
          socket.write(reply(0x70, body.readUInt16BE(0)));
          break;
        case 12:
          socket.write(Buffer.from([0xd0, 0]));
          break;
        case 14:
          socket.end();
          break;
      }
    };
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const broker: TinyBroker = {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server has one
    received: [],
    connects: [],
    acknowledge: () => true,
    returnCode: () => 0,
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return broker;
}

function reply(type: number, packetId: number): Buffer {
  return Buffer.from([type, 2, packetId >> 8, packetId & 255]);
}
