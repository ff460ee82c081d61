/**
 * A device's connection as aedes sees it: only whole, well-formed packets come in, and what goes out leaves in one write.
 *
 *   socket ─▶ gate (back-pressure) ─▶ cut into packets ─▶ size, shape ─▶ rate of the device ─┬─▶ the door: readings, QoS 0 and 1
 *                                                                                            └─▶ aedes: all else
 *   socket ◀── one write for all acks of a group ◀── the door, aedes
 *
 * Whatever has to wait waits here, at most one chunk of it, with the socket not read: nothing is dropped.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Client } from 'aedes';
import { CONNACK, type ConnectRequest, connack, readConnect } from './connect-packet.ts';
import type { Rights } from './device-login.ts';
import type { IngestLimits } from './limits.ts';
import type { Flusher } from './out-buffer.ts';
import { Outbox } from './outbox.ts';
import { fixedHeader, packetFault, TYPE } from './packet-check.ts';
import { PartialPacket } from './partial-packet.ts';
import type { ReadGate, Waiting } from './read-gate.ts';
import type { TokenBucket } from './token-bucket.ts';

const LINGER_MS = 1_000;
/** More than this on its way to disk, and a connection is not read. */
const UNSETTLED = 1_000;

/** What all connections of one door share. */
export interface Shared {
  limits: IngestLimits;
  gate: ReadGate;
  flusher: Flusher;
  /**
   * Takes a PUBLISH of QoS 0 or 1 at once: it begins at `at`, its variable header at `from`, and it ends at `to`.
   * `settle` is called when it is on disk. False when it has to go the whole way.
   */
  takePublish(connection: FramedConnection, bytes: Buffer, at: number, from: number, to: number): boolean;
  /** Something was refused; the connection is being closed. */
  breach(connection: FramedConnection, reason: string): void;
}

export class FramedConnection extends Duplex implements Waiting {
  readonly address: string;
  readonly socket: Socket;
  /** Of the device's owner; the address until it is known whose device it is. */
  organisation: string;
  /** What CONNECT said, once it has been read. */
  request: ConnectRequest | undefined;
  bucket: TokenBucket | undefined;
  /** Of the device it belongs to, once it has logged in. */
  rights: Rights | undefined;
  /** Monotonic ms: when the last byte came. */
  heardAt = performance.now();
  #shared: Shared;
  #state: 'new' | 'connecting' | 'ready' | 'left' | 'gone' = 'new';
  #partial = new PartialPacket();
  /** Taken by the door and not on disk yet. */
  #unsettled = 0;
  /** Held because too much is unsettled. */
  #full = false;
  /** Read, but not let through yet. */
  #held: Buffer | undefined;
  #rateTimer: NodeJS.Timeout | undefined;
  #wanted = true;
  #ended = false;
  #out: Outbox;

  constructor(socket: Socket, shared: Shared) {
    super({ readableHighWaterMark: 64 * 1024, emitClose: true });
    this.socket = socket;
    this.#shared = shared;
    this.address = socket.remoteAddress ?? '';
    this.organisation = this.address;
    // mqtt-packet corks a stream that can be corked and books one nextTick a packet to uncork it; our writes are
    // collected anyway.
    Reflect.set(this, 'cork', undefined);
    this.#out = new Outbox({
      socket,
      flusher: shared.flusher,
      drainMs: shared.limits.drainMs,
      onRoom: () => {
        // Whoever was told to wait by `write` waited for this.
        if (this.listenerCount('drain') > 0) this.emit('drain');
      },
      onBlocked: () => socket.pause(), // it does not read its acks, so it need not be read either
      onDrained: () => this.#goOn(),
      onStuck: () => this.breach('acks-unread'),
    });
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('end', () => this.#onEnd());
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** It is we who do not read: such a connection is not silent. */
  get isHeld(): boolean {
    return this.#held !== undefined || !this.#wanted;
  }

  /** aedes has accepted the CONNECT: what came behind it may go on. */
  ready(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'ready';
    this.#letGo();
    this.emit('ready');
  }

  /** Answers and closes. */
  refuse(answer: Buffer, reason: string): void {
    this.write(answer);
    this.breach(reason);
  }

  breach(reason: string): void {
    if (this.#state === 'gone') return;
    this.#shared.breach(this, reason);
    this.destroy();
  }

  // ---- in ----

  #onData(chunk: Buffer): void {
    this.heardAt = performance.now();
    if (this.#over()) return;
    if (this.#held || this.#state === 'connecting') this.#hold(chunk);
    else if (this.#unsettled >= UNSETTLED) {
      this.#full = true;
      this.#hold(chunk);
    } else this.#admit(chunk);
  }

  #onEnd(): void {
    this.#ended = true;
    if (!this.#held && this.#state !== 'gone') this.push(null);
  }

  /** A chunk asks the gate once. */
  #admit(chunk: Buffer): void {
    if (this.#state === 'ready' && !this.#shared.gate.enter(this)) this.#hold(chunk);
    else this.#consume(chunk);
  }

  /** The gate says it is our turn. */
  release(): number {
    const held = this.#held;
    if (!held || this.#state === 'gone') return 0;
    this.#held = undefined;
    this.#consume(held);
    this.#goOn();
    return held.length;
  }

  #hold(bytes: Buffer): void {
    this.#held = this.#held ? Buffer.concat([this.#held, bytes]) : bytes;
    this.socket.pause();
  }

  #goOn(): void {
    if (this.#held || this.#state === 'gone') return;
    if (this.#ended) this.push(null);
    else if (this.#wanted && !this.#out.isBlocked) this.socket.resume();
  }

  #consume(chunk: Buffer): void {
    if (this.#partial.isEmpty) {
      this.#walk(chunk);
      return;
    }
    for (const bytes of this.#partial.join(chunk)) {
      if (this.#over()) return;
      if (this.#held || this.#state === 'connecting') this.#hold(bytes);
      else this.#walk(bytes);
    }
  }

  /** What comes now is nothing: the connection was closed over a packet, or has said DISCONNECT [MQTT-3.14.4-2]. */
  #over(): boolean {
    return this.#state === 'gone' || this.#state === 'left';
  }

  /** Lets whole packets of `chunk` through, as far as they may go; keeps the rest. */
  #walk(chunk: Buffer): void {
    const at = this.#pass(chunk);
    if (at < 0 || at === chunk.length) return;
    const rest = chunk.subarray(at);
    if (this.#rateTimer || this.#state === 'connecting') this.#hold(rest);
    else this.#partial.keep(rest);
  }

  /** How many bytes of `chunk` were whole packets that went on; -1 when the connection was closed over one. */
  #pass(chunk: Buffer): number {
    const end = chunk.length;
    const { filters, packetBytes, connectBytes } = this.#shared.limits;
    const now = this.bucket ? performance.now() : 0;
    let at = 0;
    let passed = 0; // what is between here and `at` is for aedes
    while (at < end) {
      if (this.#state === 'new' && chunk[at] !== TYPE.connect << 4) return this.#fault('first-not-connect');
      const fixed = fixedHeader(chunk, at, end);
      if (fixed === -1) break;
      if (fixed === -2) return this.#fault('malformed-length');
      const from = at + (fixed & 7);
      const to = from + (fixed >>> 3);
      // Before any of it is kept.
      if (to - at > (this.#state === 'new' ? connectBytes : packetBytes)) return this.#fault('packet-too-large');
      if (to > end) break;
      if (this.#state === 'new') {
        if (!this.#connect(chunk, from, to)) return -1;
        at = to;
        break;
      }
      const fault = packetFault(chunk, at, from, to, filters);
      if (fault) return this.#fault(fault);
      if (this.bucket && counts(chunk[at]!) && !this.bucket.take(now)) {
        this.#waitForRate(this.bucket.wait(now));
        break;
      }
      const type = chunk[at]! >> 4;
      if (type === TYPE.publish && this.#shared.takePublish(this, chunk, at, from, to)) {
        this.#unsettled++;
        this.#toBroker(chunk, passed, at);
        passed = to;
      }
      at = to;
      if (type === TYPE.disconnect) this.#state = 'left';
      if (this.#over()) break;
    }
    this.#toBroker(chunk, passed, at);
    return this.#over() ? end : at;
  }

  #toBroker(chunk: Buffer, from: number, to: number): void {
    if (to === from || this.push(to - from === chunk.length ? chunk : chunk.subarray(from, to))) return;
    this.#wanted = false;
    this.socket.pause();
  }

  /** A PUBLISH that was taken is on disk, or failed. Packet id 0: nobody waits for an ack. */
  settle(packetId: number, error: Error | null): void {
    this.#unsettled--;
    if (this.#state === 'gone') return;
    if (error) {
      this.destroy(); // no ack: the device sends it again
      return;
    }
    if (packetId > 0) this.#out.addAck(packetId);
    if (this.#full && this.#unsettled <= UNSETTLED / 2) {
      this.#full = false;
      this.#letGo();
    }
  }

  #letGo(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#admit(held);
    this.#goOn();
  }

  #fault(reason: string): -1 {
    this.breach(reason);
    return -1;
  }

  #waitForRate(ms: number): void {
    this.#rateTimer = setTimeout(
      () => {
        this.#rateTimer = undefined;
        this.#letGo();
      },
      Math.max(1, Math.ceil(ms)),
    );
  }

  #connect(chunk: Buffer, from: number, to: number): boolean {
    const { limits, gate } = this.#shared;
    const result = readConnect(chunk, from, to, limits.clientIdBytes);
    if (result.kind === 'malformed') this.breach(result.reason);
    else if (result.kind === 'refused') this.refuse(result.answer, result.reason);
    else if (gate.mode === 'closed') this.refuse(connack(CONNACK.unavailable), 'unavailable');
    else {
      this.request = result.connect;
      this.#state = 'connecting';
      return true;
    }
    return false;
  }

  override _read(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#goOn();
  }

  // ---- out ----

  /** Collects; all of a turn leaves in one write. */
  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done as () => void); // the callback of Writable.write
    if (this.#state === 'gone') return false;
    this.#out.add(typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : (chunk as Buffer)); // all aedes writes
    return this.#out.hasRoom;
  }

  override _destroy(_error: Error | null, done: (error: Error | null) => void): void {
    this.#state = 'gone';
    clearTimeout(this.#rateTimer);
    this.#shared.gate.leave(this);
    this.#held = undefined;
    this.#partial.clear();
    this.#out.close();
    if (this.socket.writableLength > 0 && !this.socket.destroyed) {
      // A CONNACK that says why deserves to arrive, but not to wait for ever.
      setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
      this.socket.destroySoon();
    } else this.socket.destroy();
    done(null); // why it ended has been counted; as an 'error' event it would only be thrown at somebody
  }
}

/** Packets that make work; acks do not count against a device. */
function counts(first: number): boolean {
  const type = first >> 4;
  return type === TYPE.publish || type === TYPE.subscribe || type === TYPE.unsubscribe || type === TYPE.pingreq;
}

/** The connection of a client of the broker: every stream given to that is one of ours. */
export function framed({ conn }: Client): FramedConnection {
  return conn as FramedConnection;
}
