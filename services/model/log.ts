/**
 * The port of the durable log: streams of blocks, one write, positions and state of every stage.
 *
 * There is one write, `commit`, and it is atomic and synced: the outputs of a batch, how far its inputs are handled, and
 * what the stage remembers become durable together or not at all. That is what "exactly once" rests on.
 * A stream has one writing stage; a stage runs in one place at a time.
 */
import type { Block, NewBlock } from './block.ts';
import type { Stream } from './streams.ts';

/** How far a stage has read: `offset` is the next record to handle, `seq` the block that holds it (or will). */
export interface Position {
  seq: number;
  offset: number;
}

export const START: Position = { seq: 1, offset: 0 };

/** `undefined` as value deletes the key. Values are opaque to the log. */
export type StateChanges = ReadonlyMap<string, Uint8Array | undefined>;

export interface Commit {
  stage: string;
  partition: number;
  /** The new position in each input stream that moved. Empty for a stage that only writes (ingest, api). */
  upTo: Partial<Record<Stream, Position>>;
  outputs: readonly NewBlock[];
  state: StateChanges;
}

export interface Log {
  /**
   * Resolves when everything in it is on disk; gives the offset of the first record of each output, in order.
   * The bytes of the outputs are the caller's again as soon as the call returns, before the promise resolves.
   * A failed sync is final: the promise rejects and the process must end, pages are never trusted again.
   */
  commit(commit: Commit): Promise<number[]>;
  /** Blocks from `from` on, in order, until about `maxBytes` of body are read (at least one block, if there is one). */
  read(stream: Stream, from: Position, maxBytes: number): Promise<Block[]>;
  /** The position after the last block. */
  end(stream: Stream): Promise<Position>;
  /** The position of the oldest block still kept. */
  begin(stream: Stream): Promise<Position>;
  /** The position of the record with this offset, for jumping into the past. `undefined` when it is no longer kept. */
  seek(stream: Stream, offset: number): Promise<Position | undefined>;
  /** Resolves when there is something at or after `from` (true), or when `ms` have passed or `signal` fires (false). */
  wait(stream: Stream, from: Position, ms: number, signal: AbortSignal): Promise<boolean>;
  position(stage: string, partition: number, stream: Stream): Promise<Position>;
  /** Everything the stage remembers, or only the keys that begin with `prefix`. */
  state(stage: string, partition: number, prefix?: string): Promise<Map<string, Uint8Array>>;
  stats(): Promise<LogStats>;
  close(): Promise<void>;
}

export interface LogStats {
  bytes: number;
  /** Of the disk the log lies on. */
  freeBytes: number;
  totalBytes: number;
  /** Commit duration, 99th percentile of the last minute, ms. */
  commitP99: number;
  /** Bytes of the generations that some stage has not handled yet. */
  backlogBytes: number;
  generations: number;
  /** Generations set aside because a check found them damaged. An operator must look at them. */
  damaged: string[];
}
