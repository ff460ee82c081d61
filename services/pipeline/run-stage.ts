/**
 * The loop every stage runs in. A stage says what to do with a batch; everything else is here, once:
 *
 *      ┌──────▶ read inputs ── nothing new ──▶ wait ───┐
 *      │           │ batch                             │
 *      │           ▼                                   │
 *      │      stage.handle ── Unavailable ──▶ restore, back off, same batch again
 *      │           │    └──── a bug ───────▶ restore, halve; one record left: stage.poison
 *      │           ▼
 *      │      log.commit: outputs, positions and state, in one synced transaction
 *      │           │
 *      └───────────┴───────────────────────────────────┘
 *
 * A batch is handled and committed or it never was: a crash at any point repeats it from the state it began with.
 * A stage that fails on more than a hundred records in a minute stops: a platform alert stands until it has been tried
 * again, some minutes later, and got through. What it has not handled stays in the log.
 */

import { LogFailed, Unavailable } from '../model/errors.ts';
import type { Log, Position } from '../model/log.ts';
import type { Stream } from '../model/streams.ts';
import type { Ops } from '../ops/ops.ts';
import { Backoff, type BackoffTimes } from './backoff.ts';
import { Inputs } from './inputs.ts';
import { PoisonLimit, stackHash } from './poison.ts';
import { type Batch, halve, positionsAfter, recordsIn, remaining, unitsIn } from './slices.ts';
import type { Outcome, Slice, Stage } from './stage.ts';
import { StageGauges } from './stage-gauges.ts';

export interface RunStageOptions {
  log: Log;
  stage: Stage;
  ops: Ops;
  /** Ends the loop in order: the batch in hand is finished and committed first. */
  signal: AbortSignal;
  partition?: number;
  /** Wall clock for the freshness metric, epoch ms. */
  now?: () => number;
  backoff?: BackoffTimes;
  /** How long a stage that was stopped by bugs is left alone before it is tried again. */
  stopped?: BackoffTimes;
}

/** The stage is at fault so often, or so badly, that it must not go on for now. */
class StageStopped extends Error {
  override readonly name = 'StageStopped';
}

const BATCH_BYTES = 1024 * 1024;
/** A lost wake-up delays the loop by no more than this. */
const WAIT_MS = 1000;
/** Every commit syncs the disk all stages share. While little comes in, batches come at most this often. */
const REST_MS = 10;
/** Long enough to be noticed and mended, short enough that nobody has to be called for what has passed. */
const STOPPED: BackoffTimes = { firstMs: 5 * 60_000, mostMs: 60 * 60_000 };

/**
 * Runs a stage until `signal` fires.
 * @throws when the log fails (a platform alert says so).
 */
export async function runStage(options: RunStageOptions): Promise<void> {
  const { stage, signal, ops } = options;
  try {
    await new StageLoop(options).run();
  } catch (error) {
    if (signal.aborted && error instanceof Unavailable) return;
    ops.alerts.raise(stoppedAlert(stage), `The stage ${stage.name} has stopped: ${messageOf(error)}`);
    throw error;
  }
}

function stoppedAlert({ name }: Stage): string {
  return `stage-stopped:${name}`;
}

class StageLoop {
  #log: Log;
  #stage: Stage;
  #ops: Ops;
  #signal: AbortSignal;
  #partition: number;
  #now: () => number;
  #backoff: Backoff;
  #pauses: Backoff;
  #poisoned = new PoisonLimit();
  #gauges: StageGauges | undefined;

  constructor({ log, stage, ops, signal, partition = 0, now = Date.now, backoff, stopped = STOPPED }: RunStageOptions) {
    this.#log = log;
    this.#stage = stage;
    this.#ops = ops;
    this.#signal = signal;
    this.#partition = partition;
    this.#now = now;
    this.#backoff = new Backoff(backoff);
    this.#pauses = new Backoff(stopped);
  }

  async run(): Promise<void> {
    let positions = await this.#restore();
    if (this.#signal.aborted) return;
    this.#gauges = new StageGauges({
      log: this.#log,
      name: this.#stage.name,
      ops: this.#ops,
      now: this.#now,
      positions,
    });
    try {
      while (!this.#signal.aborted) {
        try {
          await this.#follow(new Inputs({ log: this.#log, positions }));
        } catch (error) {
          if (!(error instanceof StageStopped)) throw error;
          await this.#pause(error);
          positions = await this.#restore();
        }
      }
    } finally {
      this.#gauges.stop(); // they go on during a pause: a stage that stopped must not look fresh
    }
  }

  async #follow(inputs: Inputs): Promise<void> {
    const batchBytes = this.#stage.batchBytes ?? BATCH_BYTES;
    while (!this.#signal.aborted) {
      const began = performance.now();
      const batch = await this.#next(inputs, batchBytes);
      if (batch.length === 0 && (await this.#work())) continue;
      if (batch.length === 0) await inputs.wait(WAIT_MS, this.#signal);
      else {
        await this.#process(batch);
        await this.#rest(batch, batchBytes, began);
      }
    }
  }

  /** Whether the stage had something to do without input, and did a part of it. */
  async #work(): Promise<boolean> {
    try {
      const outcome = await this.#stage.work?.();
      if (!outcome) return false;
      await this.#log.commit({ stage: this.#stage.name, partition: this.#partition, upTo: {}, ...outcome });
      this.#backoff.reset();
      return true;
    } catch (error) {
      if (error instanceof LogFailed) throw error;
      await this.#restore();
      if (!(error instanceof Unavailable)) {
        const cause = error instanceof Error ? error : new Error(`threw ${String(error)}`);
        throw new StageStopped(`stage ${this.#stage.name}: ${messageOf(cause)}`, { cause });
      }
      await this.#wait(error);
      return false;
    }
  }

  async #pause(error: StageStopped): Promise<void> {
    const { name } = this.#stage;
    this.#ops.logger.error({ stage: name, err: error }, 'stage stopped');
    this.#ops.alerts.raise(
      stoppedAlert(this.#stage),
      `The stage ${name} has stopped, and is tried again from time to time: ${error.message}`,
    );
    this.#poisoned.probe(true);
    await this.#pauses.wait(this.#signal);
  }

  /** It was stopped, and has handled something again. */
  #goesOn(): void {
    this.#poisoned.probe(false);
    this.#pauses.reset();
    this.#ops.alerts.clear(stoppedAlert(this.#stage));
    this.#ops.logger.info({ stage: this.#stage.name }, 'stage runs again');
  }

  async #next(inputs: Inputs, batchBytes: number): Promise<Batch> {
    while (!this.#signal.aborted) {
      try {
        return await inputs.next(batchBytes);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        await this.#wait(error);
      }
    }
    return [];
  }

  /** Handles and commits a batch, whatever it takes; returns early, with nothing lost, when the signal fires. */
  async #process(batch: Batch): Promise<void> {
    const work: Batch[] = [batch];
    while (work.length > 0 && !this.#signal.aborted) {
      const part = work.pop()!; // there is one
      const failure = await this.#try(part);
      if (!failure) continue;
      if (failure instanceof Unavailable) await this.#wait(failure);
      // A stage with a cursor of its own may have come some way before it failed.
      const left = remaining(part, await this.#restore());
      if (left.length === 0) continue;
      if (failure instanceof Unavailable) work.push(left);
      else if (unitsIn(left) === 1)
        await this.#poison(left[0]!, failure); // one unit is one slice
      else {
        if (part === batch)
          this.#ops.logger.warn({ stage: this.#stage.name, err: failure }, 'batch failed: halving it');
        work.push(...halve(left).reverse());
      }
    }
  }

  /** Gives what went wrong. @throws LogFailed, which nobody recovers from. */
  async #try(batch: Batch): Promise<Error | undefined> {
    try {
      await this.#handle(batch);
      return undefined;
    } catch (error) {
      if (error instanceof LogFailed) throw error;
      return error instanceof Error ? error : new Error(`threw ${String(error)}`);
    }
  }

  async #handle(batch: Batch): Promise<void> {
    const timer = this.#ops.metrics.stageBatchSeconds.startTimer({ stage: this.#stage.name });
    await this.#commit(batch, await this.#stage.handle(batch));
    timer();
    if (this.#backoff.attempts > 0) this.#ops.logger.info({ stage: this.#stage.name }, 'going on after a pause');
    this.#backoff.reset();
    if (this.#poisoned.probing) this.#goesOn();
  }

  async #commit(batch: Batch, outcome: Outcome): Promise<void> {
    const upTo = positionsAfter(batch);
    await this.#log.commit({ stage: this.#stage.name, partition: this.#partition, upTo, ...outcome });
    this.#gauges?.handled(upTo, batch.at(-1)!.block.at); // a batch is never empty
    this.#ops.metrics.stageRecords.inc({ stage: this.#stage.name }, recordsIn(batch));
  }

  /** One record the stage cannot handle: it is set aside with the hash of the stack, told once, and the stage goes on. */
  async #poison(record: Slice, error: Error): Promise<void> {
    const { name } = this.#stage;
    const hash = stackHash(error);
    const offset = record.block.first + record.from;
    this.#ops.logger.error({ stage: name, stream: record.block.stream, offset, hash, err: error }, 'record set aside');
    this.#ops.metrics.stagePoison.inc({ stage: name });
    this.#ops.alerts.raise(
      `internal-error:${name}`,
      `The stage ${name} could not handle a message because of a bug and set it aside: ${error.message} (${hash})`,
    );
    const { probing } = this.#poisoned;
    if (this.#poisoned.exceeded()) {
      const why = probing ? 'it still fails' : `more than ${PoisonLimit.most} records set aside in a minute`;
      throw new StageStopped(`stage ${name}: ${why} (${error.message}, ${hash})`, { cause: error });
    }
    while (!this.#signal.aborted) {
      try {
        return await this.#commit([record], await this.#stage.poison(record, error, hash));
      } catch (again) {
        if (!(again instanceof Unavailable))
          throw new StageStopped(`stage ${name}: unable to set record ${offset} aside`, { cause: again });
        await this.#wait(again);
        await this.#restore();
      }
    }
  }

  async #wait(error: Unavailable): Promise<void> {
    const { name } = this.#stage;
    this.#ops.metrics.stageRetries.inc({ stage: name });
    // Once, not at every attempt: metrics count those.
    if (this.#backoff.attempts === 0) this.#ops.logger.warn({ stage: name, err: error }, 'waiting to try again');
    await this.#backoff.wait(this.#signal);
  }

  /** Gives the stage back what the log remembers of it, and the positions that belong to it. None when the signal fires. */
  async #restore(): Promise<Map<Stream, Position>> {
    while (!this.#signal.aborted) {
      try {
        await this.#stage.restore(await this.#log.state(this.#stage.name, this.#partition));
        return new Map(await Promise.all(this.#stage.reads.map(async (s) => [s, await this.#position(s)] as const)));
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        await this.#wait(error);
      }
    }
    return new Map();
  }

  async #position(stream: Stream): Promise<Position> {
    const own = await this.#stage.position?.(stream);
    return own ?? (await this.#log.position(this.#stage.name, this.#partition, stream));
  }

  async #rest(batch: Batch, batchBytes: number, began: number): Promise<void> {
    const bytes = batch.reduce((sum, { block }) => sum + block.body.byteLength, 0);
    const ms = began + (this.#stage.restMs ?? REST_MS) - performance.now();
    if (bytes * 8 < batchBytes && ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
