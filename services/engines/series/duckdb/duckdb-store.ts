/** The series port on DuckDB and Parquet: a hot table in arrival order, sealed months beside it. See docs/decisions: sealed rows. */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { LatestValue, Points, PointsQuery, SeriesStore, Windows, WindowsQuery } from '../../../model/series.ts';
import type { Core } from './core.ts';
import type { Lane } from './lanes.ts';
import { mergeDue } from './merge-due.ts';
import { readPoints } from './points.ts';
import { isDue, rotate, sealClosed } from './seal.ts';
import { withSnapshot } from './snapshot.ts';
import { readNumbers } from './sql.ts';
import { hotTable } from './view.ts';
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

  async stats(): Promise<{ rows: number; bytes: number; newestReceived: number }> {
    const { files, state } = this.#core;
    const rows = await this.#quick.run((c) =>
      withSnapshot(this.#core, c, async ({ view, connection }) => {
        const hot = view.generations.map((g) => `SELECT count(*) AS n FROM ${hotTable(g)}`).join(' UNION ALL ');
        const [n] = await readNumbers(connection, `SELECT sum(n)::DOUBLE - (SELECT count(*) FROM dead) FROM (${hot})`);
        return view.parts.reduce((sum, p) => sum + (p.raw ? p.rows : 0), n![0]!); // an aggregate has one row
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
    await this.#core.exclusive(async () => {
      this.#core.writer.closeSync();
    });
    this.#sealer.closeSync();
    this.#core.instance.closeSync();
  }

  async #seal(now: number): Promise<void> {
    while (this.#sealing !== undefined) await this.#sealing.catch(() => {});
    if (this.#closed) return;
    this.#sealing = (async () => {
      if (isDue(this.#core, now)) await rotate(this.#core);
      await sealClosed(this.#core, this.#sealer);
    })().finally(() => {
      this.#sealing = undefined;
    });
    await this.#sealing;
  }

  // Sealing keeps up with several hundred thousand rows a second; should it not, writing waits instead of growing.
  async #room(): Promise<void> {
    const { views, limits } = this.#core;
    while (this.#sealing !== undefined && views.current.open.rows >= 3 * limits.sealRows)
      await this.#sealing.catch(() => {});
  }

  #sealSoon(): void {
    if (this.#sealing !== undefined || this.#closed) return;
    this.#seal(Date.now()).catch((error: unknown) => {
      this.#core.logger.error({ err: error }, 'sealing the hot table failed; maintenance tries again');
    });
  }
}

function period({ from, to }: { from: number; to: number }): { from: number; to: number } {
  const bound = (t: number): number => Math.trunc(Math.min(Math.max(t, -LAST_TIME), LAST_TIME));
  return { from: bound(from), to: bound(to) };
}
