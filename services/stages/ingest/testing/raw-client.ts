/** An MQTT client for tests that sends exactly what it is told, wrong bytes included, and shows exactly what comes back. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import mqtt, { type IConnectPacket, type Packet } from 'mqtt-packet';

const DEADLINE_MS = 5_000;

export interface RawClientOptions {
  port: number;
  tls?: { ca: string; cert?: string; key?: string };
}

export class RawClient {
  readonly socket: Socket;
  readonly received: Packet[] = [];
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
  #waiting: { cmd: string; resolve(packet: Packet): void }[] = [];

  constructor({ port, tls }: RawClientOptions) {
    this.socket = tls
      ? connectTls({ host: '127.0.0.1', port, ...tls, checkServerIdentity: () => undefined })
      : connect({ host: '127.0.0.1', port, noDelay: true });
    const parser = mqtt.parser({ protocolVersion: 4 });
    parser.on('packet', (packet: Packet) => this.#onPacket(packet));
    this.socket.on('data', (chunk: Buffer) => parser.parse(chunk));
    this.socket.on('error', () => {}); // a reset is an end like another
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  #onPacket(packet: Packet): void {
    const at = this.#waiting.findIndex((w) => w.cmd === packet.cmd);
    if (at < 0) this.received.push(packet);
    else this.#waiting.splice(at, 1)[0]?.resolve(packet);
  }

  send(...packets: (Packet | Uint8Array)[]): void {
    this.socket.write(Buffer.concat(packets.map((p) => ('cmd' in p ? mqtt.generate(p) : p))));
  }

  /** The next packet of this kind, those before it that are there already included. @throws Error when none comes. */
  async next<C extends Packet['cmd']>(cmd: C): Promise<Extract<Packet, { cmd: C }>> {
    const at = this.received.findIndex((p) => p.cmd === cmd);
    if (at >= 0) return this.received.splice(at, 1)[0] as Extract<Packet, { cmd: C }>; // found by its cmd
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${cmd} within ${DEADLINE_MS} ms`)), DEADLINE_MS);
      void this.closed.then(() => {
        clearTimeout(timer);
        reject(new Error(`closed while waiting for ${cmd}`));
      });
      this.#waiting.push({
        cmd,
        resolve: (packet) => {
          clearTimeout(timer);
          resolve(packet as Extract<Packet, { cmd: C }>); // matched by its cmd
        },
      });
    });
  }

  /** Sends CONNECT and gives the CONNACK. */
  async connect(options: Partial<IConnectPacket> = {}): Promise<Extract<Packet, { cmd: 'connack' }>> {
    this.send(connectOf(options));
    return await this.next('connack');
  }

  /** Publishes with QoS 1 and waits for the PUBACK. */
  async publish(topic: string, payload: string, messageId = 1): Promise<void> {
    this.send({ cmd: 'publish', topic, payload, qos: 1, messageId, dup: false, retain: false });
    await this.next('puback');
  }

  /** Everything up to here has been handled, for packets are handled in order. */
  async ping(): Promise<void> {
    this.send({ cmd: 'pingreq' });
    await this.next('pingresp');
  }

  end(): Promise<void> {
    this.socket.destroy();
    return this.closed;
  }
}

/** A good CONNECT of device `d1`, with what differs. */
export function connectOf(options: Partial<IConnectPacket> = {}): IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: 'c1',
    keepalive: 0,
    username: 'd1',
    password: Buffer.from('secret-d1'),
    ...options,
  };
}
