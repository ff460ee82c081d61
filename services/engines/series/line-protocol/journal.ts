/**
 * What an engine without transactions remembers beside its server, in one small SQLite file: cursor, counts, series with
 * their newest values, hours whose rollup is out of date, and the batch under way. Semantics, "New, duplicate or
 * correction": record first, then write, then advance.
 *
 *     begin(batch) ── synced ──▶ the server, as often as it takes ──▶ finish() ── synced
 *
 * Everything a batch changes is recorded by `begin`; `finish` only moves cursor and counts. Whatever is killed when, a
 * pending batch is sent again with the next start: nothing is lost, and nothing is decided or counted twice.
 */
import { randomUUID } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Unavailable } from '../../../model/errors.ts';
import type { StoreCounts } from '../../../model/ledger.ts';
import { type Position, START } from '../../../model/log.ts';
import type { Newest, SeriesDictionary } from '../dictionary.ts';
import { bytesOf, countsOf, type NewBatch, type Pending, type Removal, seriesOf, textOf } from './journal-records.ts';
import { JOURNAL_FORMAT, JOURNAL_TABLES } from './journal-tables.ts';

// Of somebody else's lock on the file: a backup, a person with sqlite3.
const BUSY_MS = 5000;

export interface JournalState {
  readonly position: Position;
  readonly counts: ReadonlyMap<string, StoreCounts>;
  readonly newestReceived: number;
}

export class Journal {
  /** Who we are to the server: an old journal at a new bucket is recognised by it. */
  readonly installation: string;
  readonly created: number;
  state: JournalState;
  pending: Pending | undefined;
  #db: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  /** @throws Error when the file is of a later format. */
  constructor(file: string, { busyMs = BUSY_MS }: { busyMs?: number } = {}) {
    this.#db = new DatabaseSync(file, { timeout: busyMs });
    // Synced at each commit: the server may remember what a power cut made us forget.
    this.#db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8000');
    this.#db.exec(JOURNAL_TABLES);
    this.#run(
      'INSERT OR IGNORE INTO state VALUES (1, ?, ?, ?, ?, ?, ?, ?)',
      JOURNAL_FORMAT,
      randomUUID(),
      Date.now(),
      START.seq,
      START.offset,
      '{}',
      0,
    );
    const row = this.#row('SELECT * FROM state');
    if (Number(row.format) > JOURNAL_FORMAT)
      throw new Error(`series: the journal is of format ${row.format}, this version reads ${JOURNAL_FORMAT}`);
    this.installation = String(row.installation);
    this.created = Number(row.created);
    this.state = {
      position: { seq: Number(row.seq), offset: Number(row.off) },
      counts: countsOf(row.counts),
      newestReceived: Number(row.newest_received),
    };
    this.pending = this.#loadPending();
  }

  /** Has anything ever been stored? */
  get fresh(): boolean {
    const { seq, offset } = this.state.position;
    return this.pending === undefined && seq === START.seq && offset === START.offset;
  }

  loadDictionary(dictionary: SeriesDictionary): void {
    for (const row of this.#rows('SELECT * FROM series ORDER BY id'))
      dictionary.load(
        { asset: String(row.asset), quantity: String(row.quantity), owner: String(row.owner), type: String(row.type) },
        JSON.parse(String(row.former)) as string[], // written by us
      );
    for (const row of this.#rows('SELECT * FROM newest'))
      dictionary.publish(Number(row.series), {
        time: Number(row.time),
        value: Number(row.value),
        received: Number(row.received),
        marks: Number(row.marks),
        uplink: Number(row.uplink),
        revision: Number(row.revision),
      });
  }

  /** Hours whose rollup is not what the raw values give, with their series. */
  *dirty(): Generator<[hour: number, series: number]> {
    for (const row of this.#rows('SELECT hour, series FROM dirty'))
      for (const series of seriesOf(row.series)) yield [Number(row.hour), series];
  }

  /** Records a batch and what it changes, durably. One at a time. */
  begin(batch: NewBatch, dictionary: SeriesDictionary): void {
    if (this.pending) throw new Error('series: a batch is under way');
    const { newest, dirty, ...pending } = batch;
    this.#transaction(() => {
      this.#saveSeries(dictionary);
      this.#saveNewest(newest);
      for (const [hour, of] of Map.groupBy(dirty, ([h]) => h))
        this.#saveDirty(
          hour,
          of.map(([, series]) => series),
        );
      this.#savePending(pending);
    });
    dictionary.markSaved();
    this.pending = pending;
  }

  /**
   * Moves cursor and counts after the server confirmed the pending batch. `counts` where lines were refused; `newest` of
   * the series that had to be asked for.
   */
  finish(counts: Map<string, StoreCounts>, newest: ReadonlyMap<number, Newest | undefined>): void {
    if (!this.pending) throw new Error('series: no batch is under way');
    const { upTo, newestReceived } = this.pending;
    this.#transaction(() => {
      for (const [id, value] of newest)
        if (value) this.#saveNewest([[id, value]]);
        else this.#run('DELETE FROM newest WHERE series = ?', id);
      this.#run('DELETE FROM pending');
      this.#run('DELETE FROM body');
      this.#saveState({ position: upTo, counts, newestReceived });
    });
    this.pending = undefined;
  }

  /** Moves cursor and counts without a batch: nothing has to be sent. */
  advance(state: JournalState): void {
    if (this.pending) throw new Error('series: a batch is under way');
    this.#transaction(() => this.#saveState(state));
  }

  clean(hours: Iterable<readonly [hour: number, series: number]>): void {
    this.#transaction(() => {
      for (const [hour, of] of Map.groupBy(hours, ([h]) => h)) {
        const clean = new Set(of.map(([, series]) => series));
        const all = this.#rows('SELECT series FROM dirty WHERE hour = ?', hour).flatMap((row) => [
          ...seriesOf(row.series),
        ]);
        this.#run('DELETE FROM dirty WHERE hour = ?', hour);
        const left = [...new Set(all)].filter((series) => !clean.has(series));
        if (left.length > 0) this.#saveDirty(hour, left);
      }
    });
  }

  /** A small fact of the engine's own (how far retention has come, …). */
  note(name: string): string | undefined {
    const [row] = this.#rows('SELECT text FROM note WHERE name = ?', name);
    return row === undefined ? undefined : String(row.text);
  }

  /** Changes facts together; `undefined` forgets one. */
  setNotes(notes: Readonly<Record<string, string | undefined>>): void {
    this.#transaction(() => {
      for (const [name, text] of Object.entries(notes))
        if (text === undefined) this.#run('DELETE FROM note WHERE name = ?', name);
        else this.#run('INSERT OR REPLACE INTO note VALUES (?, ?)', name, text);
    });
  }

  /** Of the file, without its write-ahead log. */
  bytes(): number {
    const pages = Number(this.#row('PRAGMA page_count').page_count);
    return pages * Number(this.#row('PRAGMA page_size').page_size);
  }

  close(): void {
    this.#db.close();
  }

  #saveSeries(dictionary: SeriesDictionary): void {
    for (const id of dictionary.unsaved) {
      const { asset, quantity, owner, type } = dictionary.refs[id]!; // unsaved are numbers of series
      const former = JSON.stringify(dictionary.formerTypes(id));
      this.#run('INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?, ?)', id, asset, quantity, owner, type, former);
    }
  }

  #saveNewest(newest: NewBatch['newest']): void {
    for (const [id, n] of newest)
      this.#run(
        'INSERT OR REPLACE INTO newest VALUES (?, ?, ?, ?, ?, ?, ?)',
        id,
        n.time,
        n.value,
        n.received,
        n.marks,
        n.uplink,
        n.revision,
      );
  }

  // A row for all series of a batch: one each would cost as much as all the rest of `begin`.
  #saveDirty(hour: number, series: readonly number[]): void {
    this.#run('INSERT INTO dirty (hour, series) VALUES (?, ?)', hour, bytesOf(Int32Array.from(series)));
  }

  #savePending({ upTo, counts, newestReceived, bodies, removals, vanished }: Pending): void {
    this.#run(
      'INSERT INTO pending VALUES (1, ?, ?, ?, ?, ?, ?)',
      upTo.seq,
      upTo.offset,
      textOf(counts),
      newestReceived,
      JSON.stringify(removals),
      JSON.stringify(vanished),
    );
    bodies.forEach(({ lines, verdicts, series }, n) => {
      this.#run('INSERT INTO body VALUES (?, ?, ?, ?)', n, lines, verdicts, bytesOf(series));
    });
  }

  #loadPending(): Pending | undefined {
    const [row] = this.#rows('SELECT * FROM pending');
    if (!row) return undefined;
    const bodies = this.#rows('SELECT lines, verdicts, series FROM body ORDER BY n').map((body) => ({
      lines: String(body.lines),
      verdicts: String(body.verdicts),
      series: seriesOf(body.series),
    }));
    return {
      upTo: { seq: Number(row.seq), offset: Number(row.off) },
      counts: countsOf(row.counts),
      newestReceived: Number(row.newest_received),
      removals: JSON.parse(String(row.removals)) as Removal[], // written by us
      vanished: JSON.parse(String(row.vanished)) as number[],
      bodies,
    };
  }

  #saveState(state: JournalState): void {
    const { position, counts, newestReceived } = state;
    this.#run(
      'UPDATE state SET seq = ?, off = ?, counts = ?, newest_received = ?',
      position.seq,
      position.offset,
      textOf(counts),
      newestReceived,
    );
    this.state = state;
  }

  #transaction(body: () => void): void {
    const { state } = this;
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      body();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.state = state;
      this.#rollback();
      throw later(error);
    }
  }

  // A full disk ends the transaction by itself.
  #rollback(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // The error that led here is the one worth telling.
    }
  }

  #run(sql: string, ...values: (string | number | Uint8Array)[]): void {
    this.#statement(sql).run(...values);
  }

  #rows(sql: string, ...values: (string | number)[]): Row[] {
    try {
      return this.#statement(sql).all(...values);
    } catch (error) {
      throw later(error);
    }
  }

  #row(sql: string): Row {
    const [row] = this.#rows(sql);
    if (!row) throw new Error(`series: the journal has no row for ${sql}`);
    return row;
  }

  // Prepared once each: a batch runs the same few ten thousand times.
  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

type Row = Record<string, unknown>;

/** What SQLite says is of the disk, never of a reading: the log keeps everything until it is well. */
function later(error: unknown): unknown {
  const isSqlite = error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
  return isSqlite ? new Unavailable(`series: the journal: ${error.message}`, { cause: error }) : error;
}
