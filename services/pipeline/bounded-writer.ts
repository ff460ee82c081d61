/** Writes to somebody who may stop reading: a bounded buffer and a deadline, so that nobody else ever waits for him. */
import type { Writable } from 'node:stream';

/** Bytes that all writers of a door may hold together. */
export class WriteBudget {
  used = 0;
  readonly most: number;
  constructor(most: number) {
    this.most = most;
  }
}

export interface BoundedWriterOptions {
  stream: Writable;
  budget: WriteBudget;
  /** For this one alone: with more than that waiting, nothing more is taken. One write may be larger. */
  mostBytes: number;
  /** Without any byte taken for so long while some wait, the reader counts as gone. Milliseconds. */
  stuckMs: number;
  /** Called once; the stream is destroyed already. */
  onGivenUp(reason: 'too-slow' | 'stuck'): void;
}

export class BoundedWriter {
  #options: BoundedWriterOptions;
  #waiting = 0;
  #progressAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: BoundedWriterOptions) {
    this.#options = options;
    options.stream.once('close', () => this.#end());
  }

  /** More than half of what may wait does. */
  get busy(): boolean {
    return this.#waiting > this.#options.mostBytes / 2;
  }

  write(chunk: Buffer): void {
    const { stream, budget, mostBytes, stuckMs } = this.#options;
    if (this.#over || stream.destroyed) return;
    const bytes = chunk.byteLength;
    if (this.#waiting > mostBytes || budget.used > budget.most) {
      this.#giveUp('too-slow');
      return;
    }
    if (this.#waiting === 0) this.#progressAt = performance.now();
    this.#waiting += bytes;
    budget.used += bytes;
    this.#timer ??= setInterval(() => this.#check(), stuckMs / 8).unref();
    stream.write(chunk, () => this.#taken(bytes));
  }

  #taken(bytes: number): void {
    if (this.#over) return;
    this.#waiting -= bytes;
    this.#options.budget.used -= bytes;
    this.#progressAt = performance.now();
    if (this.#waiting > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    if (this.#waiting > 0 && performance.now() - this.#progressAt > this.#options.stuckMs) this.#giveUp('stuck');
  }

  #giveUp(reason: 'too-slow' | 'stuck'): void {
    this.#end();
    this.#options.stream.destroy();
    this.#options.onGivenUp(reason);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#timer);
    this.#options.budget.used -= this.#waiting;
    this.#waiting = 0;
  }
}
