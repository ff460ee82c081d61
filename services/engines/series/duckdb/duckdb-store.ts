/** The series port on DuckDB and Parquet: a hot table in arrival order, sealed months beside it. See docs/decisions: sealed rows. */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Unavailable } from '../../../model/errors.ts';
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { LatestValue, Points, PointsQuery, SeriesStore, Windows, WindowsQuery } from '../../../model/series.ts';
import { type Core, within } from './core.ts';
import type { Lane } from './lanes.ts';
import { mergeDue } from './merge-due.ts';
import { readPoints } from './points.ts';
import { isDue, rotate, sealClosed } from './seal.ts';
import { withSnapshot } from './snapshot.ts';
import { aliveRows } from './sources.ts';
import { readNumbers } from './sql.ts';
import { hotTable, type View } from './view.ts';
import { pickSeries, readWindows } from './windows.ts';
import { skipValues, writeBatch } from './write.ts';

export interface DuckdbStoreParts {
  core: Core;
  quick: Lane;
  heavy: Lane;
  sealer: DuckDBConnection;
  merger: () => Promise<DuckDBInstance>;
}

// So many series at most are a quick question.
const QUICK_SERIES = 20;
// Rows in hot tables, in tables' worth: while some are sealed the next may fill to half of it.
const MOST_HOT = 6;
// How long writing waits for sealing to make room, ms: less than whoever called waits for us (services/engines.ts).
const ROOM_MS = 30_000;
// Sealing that failed is tried again after so long, doubled each time, and by the maintenance.
const AGAIN_MS = { first: 1000, most: 60_000 };
// Semantics: Back-pressure, 1.
const BEHIND_LIMIT = 10_000;
// The times JavaScript has a date for.
const LAST_TIME = 8.64e15;

export class DuckdbStore implements SeriesStore {
  readonly capabilities = { replaces: true };
  #core: Core;
  #quick: Lane;
  #heavy: Lane;
  #sealer: DuckDBConnection;
  #merger: () => Promise<DuckDBInstance>;
  #sealing: Promise<void> | undefined;
  #merging: Promise<void> | undefined;
  /** Of sealing, since it last succeeded. */
  #failures = 0;
  #failure: unknown;
  #sealAgainAt = 0;
  #closed = false;

  constructor({ core, quick, heavy, sealer, merger }: DuckdbStoreParts) {
    this.#core = core;
    this.#quick = quick;
    this.#heavy = heavy;
    this.#sealer = sealer;
    this.#merger = merger;
  }

  async position(): Promise<Position> {
    return { ...this.#core.state.position };
  }

  /** @throws Unavailable when so many rows wait to be sealed that no more are taken. */
  async write(batch: readonly ReadingColumns[], upTo: Position): Promise<void> {
    await this.#room();
    await writeBatch(this.#core, batch, upTo);
    if (this.#core.views.current.open.rows >= this.#core.limits.sealRows) this.#sealSoon();
  }

  async skip(values: Readonly<Record<string, number>>, upTo: Position): Promise<void> {
    await skipValues(this.#core, values, upTo);
  }

  async latest(assets?: readonly string[]): Promise<LatestValue[]> {
    return this.#core.dictionary.latest(assets);
  }

  points(query: PointsQuery): Promise<Points> {
    const bounded = { ...query, ...period(query) };
    return this.#quick.run((c) => withSnapshot(this.#core, c, (snapshot) => readPoints(this.#core, snapshot, bounded)));
  }

  windows(query: WindowsQuery): Promise<Windows> {
    const bounded = { ...query, ...period(query) };
    const picked = pickSeries(this.#core, bounded);
    const lane = picked.series.length > QUICK_SERIES ? this.#heavy : this.#quick;
    return lane.run((c) => readWindows(this.#core, c, bounded, picked));
  }

  async counts(): Promise<{ position: Position; byOwner: Record<string, StoreCounts> }> {
    const { position, counts } = this.#core.state;
    return { position: { ...position }, byOwner: Object.fromEntries([...counts].map(([o, c]) => [o, { ...c }])) };
  }

  /** Rows of months with dead ones are looked through, which takes as long as a heavy question. */
  async stats(): Promise<{ rows: number; bytes: number; newestReceived: number }> {
    const { files, state } = this.#core;
    const rows = await this.#quick.run((c) =>
      withSnapshot(this.#core, c, async ({ view, connection, deadMonths }) => {
        const raw = view.parts.filter((p) => p.raw);
        // A mark in `dead` may be for a row that was never written to a file, so marks cannot be subtracted.
        const counted = [
          ...view.generations.map(hotTable),
          ...raw.filter((p) => deadMonths.has(p.month)).map((p) => aliveRows(files, p)),
        ];
        const counts = counted.map((rows) => `SELECT count(*) AS n FROM ${rows}`).join(' UNION ALL ');
        const [n] = await readNumbers(connection, `SELECT sum(n)::DOUBLE FROM (${counts})`);
        return raw.reduce((sum, p) => sum + (deadMonths.has(p.month) ? 0 : p.rows), n![0]!); // an aggregate has one row
      }),
    );
    return { rows, bytes: await files.bytes(), newestReceived: state.newestReceived };
  }

  /** One run at a time; a call during one waits for it and then runs. Sealing goes on while parts are merged. */
  async maintain(now: number): Promise<void> {
    await this.#seal(now);
    while (this.#merging !== undefined) await this.#merging.catch(() => {});
    if (this.#closed) return;
    const stopped = () => this.#closed;
    this.#merging = mergeDue(this.#core, { merger: this.#merger, now, stopped }).finally(() => {
      this.#merging = undefined;
    });
    await this.#merging;
  }

  async behind(ms: number): Promise<void> {
    this.#heavy.hold(ms > BEHIND_LIMIT);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#quick.close(), this.#heavy.close()]);
    await this.#sealing?.catch(() => {});
    await this.#merging?.catch(() => {});
    const close = async () => this.#core.writer.closeSync();
    await this.#core.exclusive(close, { always: true });
    this.#sealer.closeSync();
    this.#core.instance.closeSync();
  }

  async #seal(now: number): Promise<void> {
    while (this.#sealing !== undefined) await this.#sealing.catch(() => {});
    if (this.#closed) return;
    this.#sealing = this.#sealAll(now).finally(() => {
      this.#sealing = undefined;
    });
    await this.#sealing;
  }

  async #sealAll(now: number): Promise<void> {
    const { logger, views } = this.#core;
    try {
      // Those that could not be sealed must not become more and more.
      if (isDue(this.#core, now) && views.current.generations.length < MOST_HOT) await rotate(this.#core);
      await sealClosed(this.#core, this.#sealer);
      if (this.#failures > 0) logger.info({ failures: this.#failures }, 'sealing works again');
      this.#failures = 0;
    } catch (error) {
      const wait = Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** this.#failures++);
      this.#sealAgainAt = performance.now() + wait;
      this.#failure = error;
      logger.error({ err: error, againInMs: wait }, 'sealing a hot table failed; it is tried again');
      throw error;
    }
  }

  // Sealing keeps up with several hundred thousand rows a second. Should it not, writing waits; should it fail, writing
  // is refused instead of growing without end, and the log keeps what comes.
  async #room(): Promise<void> {
    const most = MOST_HOT * this.#core.limits.sealRows;
    const end = performance.now() + ROOM_MS;
    for (;;) {
      const { current } = this.#core.views;
      const rows = hotRows(current);
      // The next table is not to become a multiple of what sealing takes in one go.
      const behind = this.#sealing !== undefined && current.open.rows >= most / 2;
      if (rows < most && !behind) return;
      this.#sealSoon();
      const full = `series: ${rows} rows wait to be sealed, the limit is ${most}`;
      if (!this.#sealing) throw new Unavailable(`${full}, and sealing fails`, { cause: this.#failure });
      const done = this.#sealing.catch(() => {});
      await within(done, Math.max(0, end - performance.now()), `${full}, and sealing is behind`);
    }
  }

  #sealSoon(): void {
    if (this.#sealing !== undefined || this.#closed || performance.now() < this.#sealAgainAt) return;
    this.#seal(Date.now()).catch(() => {}); // it is logged, and `write` says so where it matters
  }
}

function hotRows(view: View): number {
  return view.generations.reduce((sum, g) => sum + g.rows, 0);
}

function period({ from, to }: { from: number; to: number }): { from: number; to: number } {
  const bound = (t: number): number => Math.trunc(Math.min(Math.max(t, -LAST_TIME), LAST_TIME));
  return { from: bound(from), to: bound(to) };
}
