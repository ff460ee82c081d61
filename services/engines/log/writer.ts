/**
 * Writes to the newest generation, many commits under way at a time, and moves on when it is full.
 *
 * Moving on: whoever finds the newest generation full (or a day old) makes the next one and seals this one. Writes under
 * way in other threads fail on the seal as a whole, and those threads do them again in the next generation, in order.
 */
import { LogFailed } from '../../model/errors.ts';
import type { Entry, Generation } from './generation.ts';
import type { Generations } from './generations.ts';

const GENERATION_MS = 24 * 60 * 60 * 1000;
/** Looking at the file's size costs a system call; a commit or two more in a generation do not matter. */
const SIZE_CHECK_MS = 50;

interface Job {
  /** Jobs of this thread in the order they came. */
  number: number;
  fresh: Entry[];
  puts: Entry[];
  resolve(): void;
  reject(error: unknown): void;
}

export class Writer {
  /** Set once something could not be written. Nothing is written after that. */
  failed: LogFailed | undefined;
  #generations: Generations;
  #generationBytes: number;
  /** The generation this thread writes to. It changes only when nothing is under way to it. */
  #target: Generation;
  /** When the target was begun, epoch ms. */
  #began = Date.now();
  #jobs = 0;
  #inFlight = new Set<Job>();
  /** Jobs that found the generation sealed, and jobs that came after them: both wait for the next one. */
  #waiting: Job[] = [];
  #moving = false;
  #sizeChecked = 0;
  /** Bytes this thread has written since. */
  #unchecked = 0;

  constructor(options: { generations: Generations; generationBytes: number }) {
    this.#generations = options.generations;
    this.#generationBytes = options.generationBytes;
    this.#target = this.#generations.newest;
  }

  /** Once the newest generation is trusted. */
  async start(): Promise<void> {
    await this.#begin();
  }

  async #begin(): Promise<void> {
    this.#target = this.#generations.newest;
    await this.#target.begin(Date.now());
    this.#began = this.#target.created ?? Date.now();
  }

  /** One transaction, whichever generation it comes to lie in; `fresh` keys are new. @throws LogFailed, for good. */
  async write(entries: { fresh: Entry[]; puts: Entry[] }): Promise<void> {
    await new Promise<void>((resolve, reject) => this.#issue({ ...entries, number: this.#jobs++, resolve, reject }));
    this.#moveOnWhenFull(entries.fresh);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0 || this.#moving) await nextTurn();
  }

  #issue(job: Job): void {
    if (this.#moving) {
      this.#waiting.push(job);
      return;
    }
    this.#inFlight.add(job);
    this.#target.write(job).then(
      (written) => {
        this.#inFlight.delete(job);
        if (written) return job.resolve();
        this.#waiting.push(job);
        void this.#moveOn();
      },
      (error: unknown) => {
        this.#inFlight.delete(job);
        job.reject(this.fail('log: unable to write', error));
      },
    );
  }

  /**
   * Leaves the generation this thread writes to. Jobs under way to it either succeed or fail on the seal; only when all
   * have ended do those that failed, and those that came since, start in the next generation, in their order.
   */
  async #moveOn(): Promise<void> {
    if (this.#moving) return;
    this.#moving = true;
    try {
      this.#generations.reload();
      if (this.#generations.newest.number === this.#target.number) {
        this.#generations.create(this.#target.number + 1);
        await this.#target.seal(Date.now());
      }
      while (this.#inFlight.size > 0) await nextTurn();
      this.#generations.reload();
      await this.#begin();
      this.#moving = false;
      // Some came while others were still failing.
      for (const job of this.#waiting.splice(0).sort((a, b) => a.number - b.number)) this.#issue(job);
    } catch (error) {
      this.#moving = false;
      this.fail('log: unable to begin a generation', error);
    }
  }

  #moveOnWhenFull(written: Entry[]): void {
    const now = performance.now();
    for (const [, value] of written) this.#unchecked += value.byteLength;
    if (now - this.#sizeChecked < SIZE_CHECK_MS && this.#unchecked < this.#generationBytes / 64) return;
    this.#sizeChecked = now;
    this.#unchecked = 0;
    if (this.#target.bytes >= this.#generationBytes || Date.now() - this.#began >= GENERATION_MS) void this.#moveOn();
  }

  /** What the log could not do. Everything that waits is rejected, and everything that comes. */
  fail(doing: string, cause: unknown): LogFailed {
    this.failed ??= new LogFailed(`${doing}; the process must end`, { cause });
    for (const job of this.#waiting.splice(0)) job.reject(this.failed);
    return this.failed;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
