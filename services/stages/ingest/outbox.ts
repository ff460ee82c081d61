/** What one connection has to say: collected for a turn, sent in one write, and what happens when it is not taken. */
import type { Socket } from 'node:net';
import { type Flusher, OutBuffer } from './out-buffer.ts';

const HIGH_WATER = 64 * 1024;

export interface OutboxOptions {
  socket: Socket;
  flusher: Flusher;
  /** How long the peer may leave unread what was sent, ms. */
  drainMs: number;
  /** There is room again for who was told that there is none. */
  onRoom(): void;
  /** The peer has stopped reading. */
  onBlocked(): void;
  /** The peer reads again. */
  onDrained(): void;
  /** The peer has not read for `drainMs`. */
  onStuck(): void;
}

export class Outbox {
  #options: OutboxOptions;
  #bytes = new OutBuffer();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    options.socket.on('drain', () => this.#onDrain());
  }

  get isBlocked(): boolean {
    return this.#timer !== undefined;
  }

  get hasRoom(): boolean {
    return !this.isBlocked && this.#bytes.length < HIGH_WATER;
  }

  add(bytes: Buffer): void {
    if (this.#bytes.add(bytes)) this.#options.flusher.add(this);
  }

  /** A PUBACK for the packet with this id. */
  addAck(packetId: number): void {
    if (this.#bytes.addAck(packetId)) this.#options.flusher.add(this);
  }

  flush(): void {
    const { socket, drainMs, onRoom, onBlocked, onStuck } = this.#options;
    const bytes = this.#bytes.take();
    if (!bytes || socket.destroyed) return;
    if (socket.write(bytes)) onRoom();
    else if (!this.#timer && !this.#closed) {
      onBlocked();
      this.#timer = setTimeout(onStuck, drainMs);
    }
  }

  /** Sends what there is; what comes after is not watched any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.flush();
  }

  #onDrain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return;
    this.#options.onRoom();
    this.#options.onDrained();
  }
}
