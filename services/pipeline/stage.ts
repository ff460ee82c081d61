/**
 * What a stage is: it reads blocks of some streams, does one thing, and hands back outputs and what it wants remembered.
 * `run-stage.ts` is the one loop that reads, calls, commits, retries and halves; a stage contains none of that.
 */
import type { Block, NewBlock } from '../model/block.ts';
import type { Position, StateChanges } from '../model/log.ts';
import type { Stream } from '../model/streams.ts';

/**
 * The records `from` to `to` (exclusive, counted within the block) of a block; their offsets are `block.first + from` and
 * so on. A block without records (a tick) comes with from = to = 0. A block may come in parts: after a restart, or
 * because a batch with a poisonous record is being halved.
 */
export interface Slice {
  block: Block;
  from: number;
  to: number;
}

export interface Outcome {
  outputs: readonly NewBlock[];
  state: StateChanges;
}

export interface Stage {
  readonly name: string;
  readonly reads: readonly Stream[];
  /** About how many bytes of input a batch may have; a stage with a costly commit wants more. Default 1 MiB. */
  readonly batchBytes?: number;
  /** While little comes in, batches begin at least so long after one another, ms; a stage with a costly commit wants more. */
  readonly restMs?: number;
  /** Called with everything the stage remembers: at the start, and again after a batch failed half-way. */
  restore(state: Map<string, Uint8Array>): void | Promise<void>;
  /**
   * Handles a batch, in the order of receipt times. Must give the same outputs whatever the batches are.
   * @throws Unavailable to have the same batch tried again with backoff. Anything else it throws is a bug: the batch is
   *         halved until the record at fault stands alone and goes to `poison`.
   */
  handle(batch: readonly Slice[]): Outcome | Promise<Outcome>;
  /**
   * What it has to do beside its inputs, a little at a time: called while nothing comes in. `undefined` when there is nothing.
   * @throws Unavailable to be asked again later.
   */
  work?(): Promise<Outcome | undefined>;
  /** One record that `handle` fails on. `hash` is of the stack, to recognise the bug. */
  poison(record: Slice, error: Error, hash: string): Outcome | Promise<Outcome>;
  /** For a stage that keeps its cursor beside its own data (store): where to go on. Wins over the log's. */
  position?(stream: Stream): Promise<Position>;
}
