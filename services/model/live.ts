/** The live feed: what is new, handed to whoever listens at this moment. Made by stages/live, used by api. */
import type { Alert } from './alert.ts';
import type { SeriesRef } from './readings.ts';

/** One value as listeners get it. Times are epoch ms. */
export interface LiveReading {
  series: SeriesRef;
  time: number;
  value: number;
  received: number;
  /** Bits of MARK. */
  marks: number;
  /** Offset in the `readings` stream. */
  offset: number;
}

/** Somebody who listens. All methods are called on the feed's own loop: they must be quick and must not throw. */
export interface Listener {
  /** Filter and access together; the answer is remembered until the directory changes, at most 30 s. */
  wants(series: SeriesRef): boolean;
  /** The one asset it listens to, where its filter names one: lets whole blocks be passed over. */
  readonly asset?: string;
  reading(reading: LiveReading): void;
  wantsAlert?(alert: Alert): boolean;
  alert?(alert: Alert, offset: number): void;
  /** Much still waits to be taken: the feed slows down a little, never more than everybody else can bear. */
  readonly busy: boolean;
  /** After each block: everything of it was handed over, up to these offsets (exclusive). */
  flush(position: FeedPosition): void;
  /** So much came that the feed went on from here and left something out: what the listener shows is no longer whole. */
  skipped(position: FeedPosition): void;
}

/** Where in the two streams a listener is: the next offset of each. The id of a server-sent event. */
export interface FeedPosition {
  readings: number;
  alerts: number;
}

export interface LiveFeed {
  /**
   * Listens from now on, or from `from` on when that is at most 5 minutes ago and not too much has happened since:
   * `resumed` tells which. Resolves once the listener has everything before the live point.
   */
  listen(listener: Listener, from?: FeedPosition): Promise<{ resumed: boolean; position: FeedPosition; stop(): void }>;
  /** Forgets remembered answers of `wants` (grants or tokens changed). */
  forget(): void;
}
