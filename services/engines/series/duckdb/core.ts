/** What all parts of the engine share: the connections, the dictionary, the view, and the one queue that writes pass through. */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
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
  /** Runs one change at a time, in order of calls. */
  exclusive<T>(change: () => Promise<T>): Promise<T>;
}

/** One at a time, in order; a failure of one does not stop the next. */
export function queue(): Core['exclusive'] {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const next = last.then(change);
    last = next.catch(() => {});
    return next;
  };
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
