/** What a stage shows of its lag. Measured on a timer, not by the loop: a stage that hangs must not look fresh. */
import type { Log, Position } from '../model/log.ts';
import type { Stream } from '../model/streams.ts';
import type { Ops } from '../ops/ops.ts';

const EVERY_MS = 1000;
/** Ticks come every ten seconds: at this age several are missing. */
const BLIND_MS = 60_000;
/** Streams ingest's ticks travel through: on these something comes every ten seconds, whatever the devices do. */
const TICKED: ReadonlySet<Stream> = new Set(['uplinks', 'readings']);

interface Options {
  log: Log;
  name: string;
  ops: Ops;
  now: () => number;
  positions: ReadonlyMap<Stream, Position>;
}

export class StageGauges {
  #options: Options;
  #positions: Map<Stream, Position>;
  #newest: number;
  #timer: NodeJS.Timeout;

  constructor(options: Options) {
    this.#options = options;
    this.#positions = new Map(options.positions);
    this.#newest = options.now();
    this.#timer = setInterval(() => void this.measure(), EVERY_MS);
    this.#timer.unref();
  }

  /** A batch was committed; `at` is the receipt time of its newest record. */
  handled(positions: Partial<Record<Stream, Position>>, at: number): void {
    for (const [stream, position] of Object.entries(positions)) this.#positions.set(stream as Stream, position);
    this.#newest = at;
  }

  async measure(): Promise<void> {
    const { log, name, ops, now } = this.#options;
    let pending = 0;
    let behind = false;
    for (const [stream, { seq, offset }] of this.#positions) {
      const end = await log.end(stream).catch(() => undefined);
      if (!end) return; // closing, or failed: others say so
      pending += Math.max(0, end.offset - offset);
      behind ||= end.seq > seq;
    }
    ops.metrics.stagePending.set({ stage: name }, pending);
    // Caught up on a stream without ticks there is nothing to be late with.
    const counts = behind || [...this.#positions.keys()].some((stream) => TICKED.has(stream));
    const age = counts ? Math.max(0, now() - this.#newest) : 0;
    ops.metrics.stageFreshness.set({ stage: name }, age / 1000);
    // Blind is not calm: whoever looks at old values must be told that they are old.
    if (age > BLIND_MS) ops.alerts.raise(`stage-behind:${name}`, `${name} is ${Math.round(age / 1000)} s behind`);
    else ops.alerts.clear(`stage-behind:${name}`);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
