/**
 * The port of the time-series store. It decides what is new, a duplicate or a correction (semantics: New, duplicate or
 * correction), keeps its own cursor beside what it wrote, and answers the questions the api asks.
 * Times are epoch ms; periods are half-open; `quantity` is with its channel.
 */

import type { StoreCounts } from './ledger.ts';
import type { Position } from './log.ts';
import type { ReadingColumns } from './readings.ts';

export interface SeriesCapabilities {
  /** A later value for the same instant replaces the earlier one. */
  replaces: boolean;
}

export interface LatestValue {
  asset: string;
  quantity: string;
  time: number;
  value: number;
  received: number;
  marks: number;
}

export interface PointsQuery {
  asset: string;
  quantity: string;
  from: number;
  to: number;
  limit: number;
}

export interface Points {
  time: Float64Array;
  value: Float64Array;
  marks: Uint8Array;
  /** Start of the next page, when there is more. */
  next?: number;
}

export const AGGREGATES = ['avg', 'min', 'max', 'sum', 'count', 'first', 'last'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export interface WindowsQuery {
  /** The series to read; the api has already removed what the asker may not see. */
  assets: string[];
  quantity: string;
  from: number;
  to: number;
  /** Width of a window, ms: a whole number of minutes. Windows are aligned to the epoch (UTC). */
  window: number;
  aggregates: Aggregate[];
  /** The group each asset counts in (its id, owner or type): one row a group and window. */
  groups: string[];
}

/** Rows sorted by group, then time. `values[k]` belongs to `aggregates[k]`. */
export interface Windows {
  group: string[];
  time: Float64Array;
  values: Float64Array[];
}

export interface RetentionPolicy {
  /** Epoch ms: raw values of this quantity (without its channel) older than that go. Rollups stay. */
  rawBefore: (quantity: string) => number;
}

export interface SeriesStore {
  readonly capabilities: SeriesCapabilities;
  /** How far the readings stream is stored. */
  position(): Promise<Position>;
  /** Stores the rows and retractions of a batch and moves the cursor, atomically. Queryable once it resolves. */
  write(batch: readonly ReadingColumns[], upTo: Position): Promise<void>;
  /**
   * Moves the cursor past values that cannot be stored because of a bug: `values` counts them by owner. They count as
   * duplicates, so that `stored = readings + corrections + duplicates` and the ledger still adds up.
   */
  skip(values: Readonly<Record<string, number>>, upTo: Position): Promise<void>;
  /** The newest value of each series; all assets when none are named. */
  latest(assets?: readonly string[]): Promise<LatestValue[]>;
  points(query: PointsQuery): Promise<Points>;
  windows(query: WindowsQuery): Promise<Windows>;
  /** Counts by owner, as of `position()`. */
  counts(): Promise<{ position: Position; byOwner: Record<string, StoreCounts> }>;
  /** Housekeeping that may run at any time: seal months, recompute dirty rollups, remove old files. Resolves when done. */
  maintain(now: number): Promise<void>;
  /** Told by the stage how old the oldest value is that is not stored yet, ms. Over 10 s, heavy questions wait. */
  behind(ms: number): Promise<void>;
  stats(): Promise<{ rows: number; bytes: number; newestReceived: number }>;
  close(): Promise<void>;
}
