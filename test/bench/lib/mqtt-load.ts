/**
 * A fast MQTT publisher for benchmarks and crash tests: raw sockets, packets built in place, acks read by counting.
 * It must never be the limit, so it knows just enough MQTT 3.1.1: CONNECT, PUBLISH, PUBACK, PUBREC and PUBCOMP.
 */
import { Socket } from 'node:net';
import type { ReadingTemplate } from './reading-template.ts';

export interface LoadOptions {
  host: string;
  port: number;
  connections: number;
  /** Messages of one connection on their way at once. */
  inFlight: number;
  /** 0 sends without waiting for anything but the socket. */
  qos: 0 | 1;
  /** Ends after so many messages of all connections, or after so many seconds. */
  messages?: number;
  seconds?: number;
  /** Messages a second of all connections together; as fast as possible when absent. */
  rate?: number;
  /** User name of connection n, which is also its device id and the place of its topic; no login when absent. */
  username?(connection: number): string;
  password?(connection: number): string;
  /** The payload of message n of a connection: made anew for each message, or a template of fixed length, which is cheaper. */
  payload: ((connection: number, message: number) => string) | ReadingTemplate;
  /** Told of every ack, in order: for a record of what was promised. */
  acked?(connection: number, message: number): void;
}

export interface LoadResult {
  sent: number;
  acked: number;
  /** Moment of the first PUBLISH, epoch ms. */
  startedAt: number;
  /** First PUBLISH to last PUBACK. */
  seconds: number;
  /** Acked (sent, for QoS 0) a second. */
  rate: number;
  /** PUBACK latency, ms. */
  p50: number;
  p99: number;
  max: number;
}

const PUBACK = 0x40;

/** Latencies in buckets 5 % apart from 1 µs. */
class Histogram {
  #counts = new Uint32Array(512);
  #total = 0;
  max = 0;

  add(ms: number): void {
    const bucket = ms <= 0.001 ? 0 : Math.min(511, Math.ceil(Math.log(ms * 1000) / Math.log(1.05)));
    this.#counts[bucket]!++; // bucket is within the array
    this.#total++;
    if (ms > this.max) this.max = ms;
  }

  quantile(q: number): number {
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= q * this.#total) return Math.min(this.max, 1.05 ** bucket / 1000);
    }
    return this.max;
  }
}

export function varint(length: number): number[] {
  const bytes: number[] = [];
  do {
    const rest = length >> 7;
    bytes.push((length & 0x7f) | (rest > 0 ? 0x80 : 0));
    length = rest;
  } while (length > 0);
  return bytes;
}

export function field(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

export function connectPacket(clientId: string, username?: string, password?: string): Buffer {
  const flags = 0x02 | (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
  const body = Buffer.concat([
    field('MQTT'),
    Buffer.from([4, flags, 0, 0]),
    field(clientId),
    ...(username === undefined ? [] : [field(username)]),
    ...(password === undefined ? [] : [field(password)]),
  ]);
  return Buffer.concat([Buffer.from([0x10, ...varint(body.length)]), body]);
}

class Publisher {
  #n: number;
  #o: LoadOptions;
  #socket = new Socket().setNoDelay(true);
  #topic: Buffer;
  /** A whole packet to copy and patch, with a template for its payload. */
  #packet: Buffer | undefined;
  #latency: Histogram;
  /** Message numbers and send times of what is on its way, by packet id. */
  #sentAt = new Float64Array(65_536);
  #numbers = new Float64Array(65_536);
  #nextId = 1;
  #rest: Buffer = Buffer.alloc(0);
  sent = 0;
  acked = 0;
  lastAck = 0;
  #onAck: () => void;

  constructor(n: number, options: LoadOptions, latency: Histogram, onAck: () => void) {
    this.#n = n;
    this.#o = options;
    this.#latency = latency;
    this.#onAck = onAck;
    const device = options.username?.(n) ?? `device-${n}`;
    this.#topic = field(`devices/${device}/readings`);
    if (typeof options.payload === 'object') this.#packet = this.#frame(options.payload.bytes);
  }

  /** @throws Error when the broker refuses or closes. */
  async open(): Promise<void> {
    const { host, port, username, password } = this.#o;
    this.#socket.connect({ host, port });
    this.#socket.write(connectPacket(`load-${this.#n}`, username?.(this.#n), password?.(this.#n)));
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.once('close', () => reject(new Error(`connection ${this.#n} was closed`)));
      this.#socket.once('data', (chunk: Buffer) => {
        if (chunk[0] !== 0x20 || chunk[3] !== 0) reject(new Error(`connection ${this.#n}: CONNACK ${chunk[3]}`));
        else resolve();
      });
    });
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  get onTheirWay(): number {
    return this.sent - this.acked;
  }

  get clogged(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Sends `count` messages in one write. */
  send(count: number): void {
    if (count <= 0) return;
    const { payload } = this.#o;
    const bytes = typeof payload === 'object' ? this.#fromTemplate(count, payload) : this.#fromTexts(count, payload);
    if (this.#o.qos === 0) this.acked = this.sent;
    this.#socket.write(bytes);
  }

  #fromTemplate(count: number, template: ReadingTemplate): Buffer {
    const packet = this.#packet!; // made with the template
    const size = packet.length;
    const payloadAt = size - template.bytes.length;
    const out = Buffer.allocUnsafe(count * size);
    const now = performance.now();
    for (let at = 0; at < out.length; at += size) {
      out.set(packet, at);
      template.patch(out, at + payloadAt, this.sent);
      if (this.#o.qos > 0) this.#number(out, at + payloadAt - 2, now);
      this.sent++;
    }
    return out;
  }

  #fromTexts(count: number, payload: (connection: number, message: number) => string): Buffer {
    const now = performance.now();
    const packets: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const text = Buffer.from(payload(this.#n, this.sent));
      const packet = this.#frame(text);
      if (this.#o.qos > 0) this.#number(packet, packet.length - text.length - 2, now);
      packets.push(packet);
      this.sent++;
    }
    return Buffer.concat(packets);
  }

  /** A PUBLISH whose packet id is still 0. */
  #frame(payload: Buffer): Buffer {
    const id = Buffer.alloc(this.#o.qos > 0 ? 2 : 0);
    const length = varint(this.#topic.length + id.length + payload.length);
    return Buffer.concat([Buffer.from([0x30 | (this.#o.qos << 1), ...length]), this.#topic, id, payload]);
  }

  /** Gives the packet whose id is at `at` of `out` the next id. */
  #number(out: Buffer, at: number, now: number): void {
    const id = this.#nextId;
    this.#nextId = id === 65_535 ? 1 : id + 1;
    out[at] = id >> 8;
    out[at + 1] = id & 255;
    this.#sentAt[id] = now;
    this.#numbers[id] = this.sent;
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const now = performance.now();
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) {
      if (bytes[at] !== PUBACK) throw new Error(`unexpected packet ${bytes[at]}`);
      const id = (bytes[at + 2]! << 8) | bytes[at + 3]!; // within the chunk
      this.#latency.add(now - this.#sentAt[id]!); // an id we sent
      this.acked++;
      this.#o.acked?.(this.#n, this.#numbers[id]!); // an id we sent
    }
    this.#rest = bytes.subarray(at);
    this.lastAck = now;
    this.#onAck();
  }

  onDrain(listener: () => void): void {
    this.#socket.on('drain', listener);
  }

  onClose(listener: () => void): void {
    this.#socket.on('close', listener);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.end(Buffer.from([0xe0, 0]));
  }
}

/** Devices do not all connect in one millisecond, and a server may refuse those who do. */
const OPENING = 100;

async function openAll(publishers: readonly Publisher[]): Promise<void> {
  const waiting = publishers.values();
  const opener = async (): Promise<void> => {
    for (const publisher of waiting) await publisher.open();
  };
  await Promise.all(Array.from({ length: OPENING }, opener));
}

/** Publishes until the end asked for, then waits for the acks still out. @throws Error when a connection is lost. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { connections, inFlight, qos, messages = Number.POSITIVE_INFINITY, seconds, rate } = options;
  const latency = new Histogram();
  let total = 0;
  let ended = false;
  let finish = (): void => {};
  let fail = (_error: Error): void => {};
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const publishers: Publisher[] = [];
  const started = { at: 0 };

  /** How many more may go out now, of all connections. */
  const allowed = (): number => {
    const byRate = rate === undefined ? Number.POSITIVE_INFINITY : ((performance.now() - started.at) / 1000) * rate;
    return Math.floor(Math.min(messages, byRate)) - total;
  };
  const fill = (p: Publisher, most = Number.POSITIVE_INFINITY): void => {
    if (!ended) {
      const window = qos === 0 ? (p.clogged ? 0 : inFlight) : inFlight - p.onTheirWay;
      const count = Math.min(window, most, allowed());
      total += Math.max(0, count);
      p.send(count);
      if (total >= messages) ended = true;
    }
    if (ended && publishers.every((each) => each.onTheirWay === 0)) finish();
  };
  // With a rate only the clock sends, the same share from every connection.
  const onAck = (p: Publisher): void => fill(p, rate === undefined ? Number.POSITIVE_INFINITY : 0);
  for (let n = 0; n < connections; n++) {
    const p: Publisher = new Publisher(n, options, latency, () => onAck(p));
    publishers.push(p);
  }
  await openAll(publishers);
  for (const p of publishers) p.onClose(() => fail(new Error('the broker closed a connection')));

  started.at = performance.now();
  const timers: NodeJS.Timeout[] = [];
  let turn = 0;
  const all = (): void => {
    const share = rate === undefined ? Number.POSITIVE_INFINITY : Math.ceil(Math.max(0, allowed()) / connections);
    for (let i = 0; i < connections; i++) fill(publishers[turn++ % connections]!, share); // one a connection
  };
  if (seconds !== undefined)
    timers.push(
      setTimeout(() => {
        ended = true;
        all();
      }, seconds * 1000),
    );
  if (rate !== undefined) timers.push(setInterval(all, 1));
  if (qos === 0) for (const p of publishers) p.onDrain(() => fill(p));
  if (qos === 0 && rate === undefined) timers.push(setInterval(all, 1));
  all();
  await finished;
  for (const timer of timers) clearTimeout(timer);
  const end = qos === 0 ? performance.now() : Math.max(...publishers.map((p) => p.lastAck));
  for (const p of publishers) p.close();
  const acked = publishers.reduce((sum, p) => sum + p.acked, 0);
  const took = (end - started.at) / 1000;
  return {
    sent: total,
    acked,
    startedAt: performance.timeOrigin + started.at,
    seconds: took,
    rate: acked / took,
    p50: latency.quantile(0.5),
    p99: latency.quantile(0.99),
    max: latency.max,
  };
}
