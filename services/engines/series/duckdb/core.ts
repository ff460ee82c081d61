/** What all parts of the engine share: the connections, the dictionary, the view, and the one queue that writes pass through. */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Unavailable } from '../../../model/errors.ts';
import type { RetentionPolicy } from '../../../model/series.ts';
import type { SeriesDictionary } from '../dictionary.ts';
import type { Meaning, SeriesLogger } from '../meaning.ts';
import type { Files } from './files.ts';
import type { State } from './tables.ts';
import type { Views } from './view.ts';

export interface Limits {
  /** Rows after which a hot table is closed and sealed. */
  sealRows: number;
  /** Age after which a hot table is closed and sealed whatever its rows, ms. */
  sealAfter: number;
  /** Parts of about one size in a month that are merged into one. */
  fanIn: number;
  /** Up to so many rows sealed at once remember their uplink offsets exactly; above, about. See docs/decisions: sealed rows. */
  exactOwners: number;
  /** How long after a month they are kept at all, ms: as far back as the log can decode anew. */
  ownersKept: number;
}

export interface Core {
  instance: DuckDBInstance;
  /** The only connection that changes anything; used within `exclusive` alone. */
  writer: DuckDBConnection;
  dictionary: SeriesDictionary;
  views: Views;
  state: State;
  files: Files;
  limits: Limits;
  retention: RetentionPolicy;
  /** By quantity without its channel. */
  meaning: (quantity: string) => Meaning;
  logger: SeriesLogger;
  /**
   * Runs one change at a time, in order of calls. `always`: also when too many wait, for the end of what has begun.
   * @throws Unavailable when too many wait.
   */
  exclusive<T>(change: () => Promise<T>, how?: { always: boolean }): Promise<T>;
}

// The stage has one batch under way, sealing and merging one change each. More than that are batches whose caller gave
// up while the disk hung and sent them again.
const MOST_CHANGES = 50;

/** One at a time, in order; a failure of one does not stop the next. `most`: how many may run and wait. */
export function queue(most: number = MOST_CHANGES): Core['exclusive'] {
  let last: Promise<unknown> = Promise.resolve();
  let held = 0;
  return (change, { always } = { always: false }) => {
    if (held >= most && !always)
      return Promise.reject(new Unavailable(`series: ${held} changes are waiting, no more are taken`));
    held++;
    const next = last.then(change).finally(() => held--);
    last = next.catch(() => {});
    return next;
  };
}

/** Longer than a question may wait and run (open-store.ts): only one that cannot be interrupted is still reading then. */
export const DRAIN_MS = 60_000;

/** What `promise` gives, if it comes within `ms`; it goes on in any case. @throws Unavailable with `message` when late. */
export async function within<T>(promise: Promise<T>, ms: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable(message)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `body` in a transaction of the writer. @throws what it throws, after rolling back. */
export async function transaction<T>(writer: DuckDBConnection, body: () => Promise<T>): Promise<T> {
  await writer.run('BEGIN');
  try {
    const result = await body();
    await writer.run('COMMIT');
    return result;
  } catch (error) {
    // Nothing to roll back when COMMIT itself failed; then DuckDB says so, and the first error is the one that matters.
    await writer.run('ROLLBACK').catch(() => {});
    throw error;
  }
}
