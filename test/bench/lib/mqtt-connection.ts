/** One MQTT 3.1.1 connection with just what a benchmark needs: subscribe and count bytes, or stop reading, or publish. */
import { connect, type Socket } from 'node:net';
import { connectPacket, field, varint } from './mqtt-load.ts';

const CONNACK = 0x20;
const SUBACK = 0x90;
const ANSWER_MS = 10_000;

export interface ConnectionOptions {
  port: number;
  clientId: string;
  username: string;
  password: string;
}

export class MqttConnection {
  #socket: Socket;
  /** Bytes received since it was opened. */
  received = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {}); // whoever waits for something hears it from his deadline
  }

  /** @throws Error when it is refused. */
  static async open({ port, clientId, username, password }: ConnectionOptions): Promise<MqttConnection> {
    const connection = new MqttConnection(connect({ host: '127.0.0.1', port, noDelay: true }));
    const answer = await connection.#ask(connectPacket(clientId, username, password));
    if (answer[0] !== CONNACK || answer[3] !== 0) throw new Error(`${clientId}: CONNACK ${answer[3]}`);
    connection.#socket.on('data', (chunk: Buffer) => {
      connection.received += chunk.length;
    });
    return connection;
  }

  /** @throws Error when the subscription is refused. */
  async subscribe(filter: string): Promise<void> {
    const body = Buffer.concat([Buffer.from([0, 1]), field(filter), Buffer.from([0])]);
    const answer = await this.#ask(Buffer.concat([Buffer.from([0x82, ...varint(body.length)]), body]));
    if (answer[0] !== SUBACK || answer[4] === 0x80) throw new Error(`subscription to ${filter} refused`);
  }

  /** QoS 0: whoever wants to know asks for the value. */
  publish(topic: string, payload: string): void {
    const body = Buffer.concat([field(topic), Buffer.from(payload)]);
    this.#socket.write(Buffer.concat([Buffer.from([0x30, ...varint(body.length)]), body]));
  }

  /** Stays connected and never reads again. */
  freeze(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Sends a packet and gives the one that answers it. */
  #ask(packet: Buffer): Promise<Buffer> {
    return new Promise((answered, failed) => {
      const timer = setTimeout(() => failed(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
      let answer: Buffer = Buffer.alloc(0);
      const read = (chunk: Buffer): void => {
        answer = Buffer.concat([answer, chunk]);
        if (answer.length < 2 + (answer[1] ?? 0)) return; // answers are shorter than 127 bytes
        clearTimeout(timer);
        this.#socket.off('data', read);
        answered(answer);
      };
      this.#socket.on('data', read);
      this.#socket.write(packet);
    });
  }
}
