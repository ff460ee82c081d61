/** The driver of `node:sqlite`: one connection that writes in groups, one that reads beside it (WAL). */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { Unavailable } from '../../model/errors.ts';
import type { Sql, SqlSession, SqlValue } from './sql.ts';

const MAX_STATEMENTS = 400;
const MAX_WAITING = 10_000;
/** Transactions that share one sync. More would make the first of them wait too long. */
const MAX_GROUP = 64;

interface Job {
  work(tx: SqlSession): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Opens or creates the file. Writes are synced before they resolve. */
export function openSqlite(file: string): Sql {
  return new SqliteSql(file);
}

class SqliteSql implements Sql {
  #writer: Connection;
  #reader: Connection;
  #jobs: Job[] = [];
  #draining: Promise<void> | undefined;
  // Under way, and never rejecting: a read on the same connection would see its moment, so reads wait for it to end.
  #snapshot: Promise<void> | undefined;
  #closed = false;

  constructor(file: string) {
    this.#writer = new Connection(file, false);
    try {
      this.#reader = new Connection(file, true);
    } catch (error) {
      this.#writer.close();
      throw error;
    }
  }

  async all<T extends object>(text: string, values: readonly SqlValue[] = []): Promise<T[]> {
    while (this.#readsWait()) await this.#snapshot;
    return this.#reader.all<T>(text, values);
  }

  async get<T extends object>(text: string, values: readonly SqlValue[] = []): Promise<T | undefined> {
    while (this.#readsWait()) await this.#snapshot;
    return this.#reader.get<T>(text, values);
  }

  run(text: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.transaction((tx) => tx.run(text, values));
  }

  transaction<T>(work: (tx: SqlSession) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Unavailable('registry: closed'));
    if (this.#jobs.length >= MAX_WAITING)
      return Promise.reject(new Unavailable(`registry: ${this.#jobs.length} writes are waiting, no more are taken`));
    return new Promise<T>((resolve, reject) => {
      // The job gives back to this promise what its own `work` gave.
      this.#jobs.push({ work, resolve: (value) => resolve(value as T), reject });
      this.#draining ??= this.#drain();
    });
  }

  async snapshot<T>(work: (tx: SqlSession) => Promise<T>): Promise<T> {
    while (this.#readsWait()) await this.#snapshot;
    const run = async (): Promise<T> => {
      this.#reader.exec('BEGIN');
      try {
        return await work(this.#reader);
      } finally {
        this.#reader.exec('COMMIT');
      }
    };
    const running = run();
    const over = (): void => {
      this.#snapshot = undefined;
    };
    this.#snapshot = running.then(over, over);
    return await running;
  }

  async backup(file: string): Promise<void> {
    await this.#draining;
    await this.#writer.run('VACUUM INTO $1', [file]);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#draining;
    while (this.#snapshot !== undefined) await this.#snapshot;
    this.#reader.close();
    this.#writer.exec('PRAGMA optimize');
    this.#writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#writer.close();
  }

  // Asked again after every wait: of two that waited, the first may have begun a snapshot of its own.
  #readsWait(): boolean {
    if (this.#closed) throw new Unavailable('registry: closed');
    return this.#snapshot !== undefined;
  }

  async #drain(): Promise<void> {
    // One turn later, so that calls made together share a sync.
    await Promise.resolve();
    for (;;) {
      const group = this.#jobs.splice(0, MAX_GROUP);
      try {
        const settle = await this.#commit(group);
        for (const done of settle) done();
      } catch (error) {
        this.#writer.rollback();
        for (const job of group) job.reject(error);
      }
      if (this.#jobs.length === 0) break;
      // The database blocks the thread while it works: the others on it get their turn between groups.
      await setImmediate();
    }
    this.#draining = undefined;
  }

  /** What to tell each caller once the group is on disk. */
  async #commit(group: readonly Job[]): Promise<(() => void)[]> {
    const settle: (() => void)[] = [];
    this.#writer.exec('BEGIN IMMEDIATE');
    for (const job of group) {
      this.#writer.exec('SAVEPOINT job');
      try {
        const value = await job.work(this.#writer);
        this.#writer.exec('RELEASE job');
        settle.push(() => job.resolve(value));
      } catch (error) {
        // A full disk ends the whole transaction by itself; then this throws, and nobody of the group is told "done".
        this.#writer.exec('ROLLBACK TO job');
        this.#writer.exec('RELEASE job');
        settle.push(() => job.reject(error));
      }
    }
    this.#writer.exec('COMMIT');
    return settle;
  }
}

class Connection implements SqlSession {
  #db: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  constructor(file: string, readOnly: boolean) {
    this.#db = translate('open', () => new DatabaseSync(file, { readOnly, timeout: 500 }));
    if (readOnly) return;
    this.exec('PRAGMA journal_mode = WAL');
    // FULL: a commit is on disk when it returns, as promise 1 asks of everything we acknowledge.
    this.exec('PRAGMA synchronous = FULL');
  }

  exec(text: string): void {
    translate(text, () => this.#db.exec(text));
  }

  async all<T extends object>(text: string, values: readonly SqlValue[] = []): Promise<T[]> {
    // The query was written beside the type of its rows.
    return translate(text, () => this.#statement(text).all(numbered(values)) as T[]);
  }

  async get<T extends object>(text: string, values: readonly SqlValue[] = []): Promise<T | undefined> {
    return translate(text, () => this.#statement(text).get(numbered(values)) as T | undefined); // as above
  }

  async run(text: string, values: readonly SqlValue[] = []): Promise<number> {
    return translate(text, () => Number(this.#statement(text).run(numbered(values)).changes));
  }

  rollback(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // The error that led here is the one worth telling.
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #statement(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known) return known;
    // Lists build their text from the filters given: few texts in practice, bounded in any case.
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#db.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}

// node:sqlite binds $1 by the name '1'; handing the values over by position would count occurrences, not numbers.
function numbered(values: readonly SqlValue[]): Record<string, SqlValue> {
  const named: Record<string, SqlValue> = {};
  for (let i = 0; i < values.length; i++) named[i + 1] = values[i]!; // i is within the list
  return named;
}

// SQLite primary result codes for which the same call may succeed later: BUSY, LOCKED, IOERR, FULL, CANTOPEN.
const PASSING = new Set([5, 6, 10, 13, 14]);

function translate<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0;
    const message = `registry: ${doing.trim().split(/\s+/).slice(0, 6).join(' ')}: ${cause instanceof Error ? cause.message : cause}`;
    throw PASSING.has(code) ? new Unavailable(message, { cause }) : new Error(message, { cause });
  }
}
