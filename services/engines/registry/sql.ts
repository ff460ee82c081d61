/**
 * What the table groups know of a database: four methods. Their SQL is the subset SQLite and PostgreSQL both run:
 * `$1` parameters, text ids, epoch-millisecond BIGINT, 0/1 for booleans, JSON as text, ON CONFLICT, no RETURNING.
 */

export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

export interface SqlSession {
  /** Rows as plain objects, keys as the query names them. The caller states their shape: it wrote the query. */
  all<T extends object = SqlRow>(text: string, values?: readonly SqlValue[]): Promise<T[]>;
  get<T extends object = SqlRow>(text: string, values?: readonly SqlValue[]): Promise<T | undefined>;
  /** Gives the number of rows changed. */
  run(text: string, values?: readonly SqlValue[]): Promise<number>;
}

/**
 * Outside a transaction `run` is one of its own, and reads see everything committed before them.
 * Throws Unavailable when the database does not answer or its disk is full; any other error is a bug.
 */
export interface Sql extends SqlSession {
  /**
   * Durable when it resolves; undone when `work` throws. `work` may await nothing but `tx`: transactions wait for each
   * other, and several that wait share one sync.
   */
  transaction<T>(work: (tx: SqlSession) => Promise<T>): Promise<T>;
  /** Reads that all see the same moment. */
  snapshot<T>(work: (tx: SqlSession) => Promise<T>): Promise<T>;
  /** A consistent copy in a file that does not exist yet. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}
