/**
 * A fast MQTT publisher for benchmarks and crash tests: raw sockets, packets built in place, acks read by counting.
 * It must never be the limit, so it knows just enough MQTT 3.1.1: CONNECT, PUBLISH, PUBACK, PUBREC and PUBCOMP.
 */
import { connect, type Socket } from 'node:net';

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
  /** The payload of message n of a connection. Called for each message. */
  payload(connection: number, message: number): string;
  /** Told of every ack, in order: for a record of what was promised. */
  acked?(connection: number, message: number): void;
}

export interface LoadResult {
  sent: number;
  acked: number;
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

function varint(length: number): number[] {
  const bytes: number[] = [];
  do {
    const rest = length >> 7;
    bytes.push((length & 0x7f) | (rest > 0 ? 0x80 : 0));
    length = rest;
  } while (length > 0);
  return bytes;
}

function field(text: string): Buffer {
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
  #socket: Socket;
  #topic: Buffer;
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
    this.#socket = connect({ host: options.host, port: options.port, noDelay: true });
  }

  /** @throws Error when the broker refuses or closes. */
  async open(): Promise<void> {
    const { username, password } = this.#o;
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
    const { qos, payload } = this.#o;
    const texts: string[] = [];
    let size = 0;
    for (let i = 0; i < count; i++) {
      const text = payload(this.#n, this.sent + i);
      texts.push(text);
      size += 7 + this.#topic.length + text.length * 3;
    }
    const out = Buffer.allocUnsafe(size);
    const now = performance.now();
    let at = 0;
    for (const text of texts) {
      const length = Buffer.byteLength(text);
      const remaining = this.#topic.length + (qos > 0 ? 2 : 0) + length;
      out[at++] = 0x30 | (qos << 1);
      for (const byte of varint(remaining)) out[at++] = byte;
      at += this.#topic.copy(out, at);
      if (qos > 0) {
        const id = this.#nextId;
        this.#nextId = id === 65_535 ? 1 : id + 1;
        out.writeUInt16BE(id, at);
        at += 2;
        this.#sentAt[id] = now;
        this.#numbers[id] = this.sent;
      }
      at += out.write(text, at);
      this.sent++;
    }
    if (qos === 0) this.acked = this.sent;
    this.#socket.write(out.subarray(0, at));
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

  const allowed = (): number => {
    const byRate = rate === undefined ? Number.POSITIVE_INFINITY : ((performance.now() - started.at) / 1000) * rate;
    return Math.floor(Math.min(messages, byRate)) - total;
  };
  const fill = (p: Publisher): void => {
    if (!ended) {
      const window = qos === 0 ? (p.clogged ? 0 : inFlight) : inFlight - p.onTheirWay;
      const count = Math.min(window, allowed());
      total += Math.max(0, count);
      p.send(count);
      if (total >= messages) ended = true;
    }
    if (ended && publishers.every((each) => each.onTheirWay === 0)) finish();
  };
  for (let n = 0; n < connections; n++) {
    const p: Publisher = new Publisher(n, options, latency, () => fill(p));
    publishers.push(p);
  }
  await Promise.all(publishers.map((p) => p.open()));
  for (const p of publishers) p.onClose(() => fail(new Error('the broker closed a connection')));

  started.at = performance.now();
  const timers: NodeJS.Timeout[] = [];
  const all = (): void => {
    for (const p of publishers) fill(p);
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
    seconds: took,
    rate: acked / took,
    p50: latency.quantile(0.5),
    p99: latency.quantile(0.99),
    max: latency.max,
  };
}
