/**
 * Messages on their way from a broker to the log. They are appended in the order they came, many at once, and each is
 * acknowledged when it is on disk, in that order too ([MQTT-4.6.0-2]).
 *
 *   broker ──▶ waiting (bounded) ──▶ door.acceptForwarded ──▶ acknowledge
 *                                        └── nothing is taken now: again, and the broker keeps what it has
 */
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { ForwardedUplink } from '../../model/uplink.ts';
import type { Logger } from '../../ops/logger.ts';
import { Backoff } from '../../pipeline/backoff.ts';

export interface Arrived {
  /** `undefined`: nothing to keep, it is only acknowledged in its turn. */
  uplink: ForwardedUplink | undefined;
  /** False once the connection it came on has gone: then it comes again, and this one is not worth keeping. */
  wanted(): boolean;
  acknowledge(): void;
}

export interface AckedQueueOptions {
  accept(uplinks: readonly ForwardedUplink[]): Promise<void>;
  /** Told of each message that is on disk. */
  onStored(uplink: ForwardedUplink): void;
  /** Told of one that can never be taken; it is acknowledged, or it would come again for ever. */
  onRefused(uplink: ForwardedUplink, error: Rejected): void;
  logger: Logger;
  signal: AbortSignal;
  backoff?: Backoff;
}

const BATCH = 200;
const BATCH_BYTES = 512 * 1024;
/** Above these the connection is not read any further. */
const MOST_WAITING = 1000;
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

export class AckedQueue {
  #o: AckedQueueOptions;
  #backoff: Backoff;
  #waiting: Arrived[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(options: AckedQueueOptions) {
    this.#o = options;
    this.#backoff = options.backoff ?? new Backoff({ firstMs: 100, mostMs: 5000 });
  }

  /** A promise when there is no room for more: whoever reads waits for it. */
  add(arrived: Arrived): Promise<void> | undefined {
    this.#waiting.push(arrived);
    this.#bytes += bytesOf(arrived);
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
    if (this.#hasRoom()) return undefined;
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  /** Resolves when nothing waits, or the signal has fired. */
  async settled(): Promise<void> {
    await this.#running;
  }

  #hasRoom(): boolean {
    return this.#waiting.length < MOST_WAITING && this.#bytes < MOST_WAITING_BYTES;
  }

  async #drain(): Promise<void> {
    await Promise.resolve(); // what the same packet of the network brought goes along
    while (this.#waiting.length > 0 && !this.#o.signal.aborted) {
      await this.#append(this.#take());
      if (this.#room && this.#hasRoom()) {
        this.#room.resolve();
        this.#room = undefined;
      }
    }
    this.#room?.resolve();
    this.#room = undefined;
  }

  #take(): Arrived[] {
    let bytes = 0;
    let count = 0;
    while (count < Math.min(BATCH, this.#waiting.length) && bytes < BATCH_BYTES)
      bytes += bytesOf(this.#waiting[count++]!); // count is below its length
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #append(batch: Arrived[]): Promise<void> {
    const { accept, onStored, logger, signal } = this.#o;
    let wanted = batch.filter((m) => m.wanted());
    while (wanted.length > 0 && !signal.aborted) {
      try {
        await accept(wanted.flatMap((m) => m.uplink ?? []));
        this.#backoff.reset();
        for (const m of wanted) {
          m.acknowledge();
          if (m.uplink) onStored(m.uplink);
        }
        return;
      } catch (error) {
        if (error instanceof Rejected) return await this.#oneByOne(wanted, error);
        // Once an outage, and without the stack of what is expected; anything else is a bug and is shown whole.
        const told = error instanceof Unavailable ? { why: error.message } : { err: error };
        if (this.#backoff.attempts === 0) logger.warn(told, 'network server: messages are not taken now');
        await this.#backoff.wait(signal);
        wanted = wanted.filter((m) => m.wanted());
      }
    }
  }

  /** One of them is at fault: the others must not wait for it. */
  async #oneByOne(batch: readonly Arrived[], error: Rejected): Promise<void> {
    const [only] = batch;
    if (batch.length > 1) {
      for (const m of batch) await this.#append([m]);
    } else if (only?.uplink) {
      this.#o.onRefused(only.uplink, error);
      only.acknowledge();
    }
  }
}

function bytesOf({ uplink }: Arrived): number {
  return uplink?.payload.byteLength ?? 0;
}
