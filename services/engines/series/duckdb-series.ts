/** The series store on DuckDB and Parquet: a hot table in arrival order, sealed months beside it. See docs/decisions: sealed rows. */
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { StoreCounts } from '../../model/ledger.ts';
import type { Position } from '../../model/log.ts';
import type { ReadingColumns } from '../../model/readings.ts';
import type {
  LatestValue,
  Points,
  PointsQuery,
  RetentionPolicy,
  SeriesStore,
  Windows,
  WindowsQuery,
} from '../../model/series.ts';
import { type Core, type Limits, type Meaning, queue, type SeriesLogger } from './core.ts';
import { SeriesDictionary } from './dictionary.ts';
import { Files } from './files.ts';
import { Lane } from './lanes.ts';
import { maintain } from './maintain.ts';
import { readPoints } from './points.ts';
import { withSnapshot } from './snapshot.ts';
import { DAY, readNumbers } from './sql.ts';
import { loadDictionary, loadGenerations, loadParts, loadState, prepareTables } from './tables.ts';
import { View, Views } from './view.ts';
import { pickSeries, readWindows } from './windows.ts';
import { skipValues, writeBatch } from './write.ts';

export interface DuckdbSeriesOptions {
  /** Everything is in this folder; one process at a time. */
  dir: string;
  logger: SeriesLogger;
  /** Of DuckDB for tables and questions, as it writes sizes; compaction has as much again while it runs. */
  memoryLimit?: string;
  threads?: number;
  /** Default: raw values are kept two years. */
  retention?: RetentionPolicy;
  /** What a quantity (without channel) means; default: plain. */
  meaning?: (quantity: string) => Meaning;
  limits?: Partial<Limits>;
  /** Longest wait of a question for others, and longest answer, ms. */
  waitMs?: number;
  runMs?: number;
}

/** What the composition root gets besides the port. */
export interface DuckdbSeries extends SeriesStore {
  /** Tells how far the store is behind, ms: over 10 s, questions over many series wait (semantics: Back-pressure). */
  setBacklog(ms: number): void;
}

const DEFAULTS: Limits = { sealRows: 2_000_000, sealAfter: DAY, fanIn: 8, ownersKept: 35 * DAY };
const TWO_YEARS = 730 * DAY;
// A WAL twice this size takes half a second to read back at the start.
const WAL_BYTES = '32MB';
// So many series at most are a quick question.
const QUICK_SERIES = 20;
const BACKLOG_LIMIT = 10_000;
// The times JavaScript has a date for.
const LAST_TIME = 8.64e15;

/** @throws Error when the folder is in use, damaged, or of a later format. */
export async function openDuckdbSeries(options: DuckdbSeriesOptions): Promise<DuckdbSeries> {
  const { dir, logger, memoryLimit = '1GB', threads = 2 } = options;
  const files = new Files(dir);
  await files.prepare();
  const config = {
    threads: String(threads),
    memory_limit: memoryLimit,
    temp_directory: files.temporary,
    wal_autocheckpoint: WAL_BYTES,
    // Promise 7: nothing is fetched from anywhere.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  const instance = await DuckDBInstance.create(join(dir, 'series.duckdb'), config);
  const writer = await instance.connect();
  await writer.run('SET parquet_metadata_cache = true');
  await prepareTables(writer);
  const state = await loadState(writer);
  const generations = await loadGenerations(writer, Date.now());
  const parts = await loadParts(writer);
  const dictionary = new SeriesDictionary();
  await loadDictionary(writer, dictionary, generations);
  const orphans = await files.removeOrphans(parts);
  if (orphans > 0) logger.info({ orphans }, 'removed files that no part names');
  await writer.run('CREATE TEMP TABLE wanted (series INTEGER, time DOUBLE)');
  await writer.run('CREATE TEMP TABLE gone (row DOUBLE)');
  const core: Core = {
    instance,
    writer,
    dictionary,
    views: new Views(new View(generations, parts)),
    state,
    files,
    limits: { ...DEFAULTS, ...options.limits },
    retention: options.retention ?? { rawBefore: () => Date.now() - TWO_YEARS },
    meaning: options.meaning ?? (() => 'plain'),
    logger,
    exclusive: queue(),
  };
  return await Series.open(core, { ...options, memoryLimit });
}

class Series implements DuckdbSeries {
  readonly capabilities = { replaces: true };
  #core: Core;
  #quick: Lane;
  #heavy: Lane;
  #memoryLimit: string;
  #sealer: DuckDBConnection;
  #maintaining: Promise<void> | undefined;
  #closed = false;

  static async open(core: Core, options: DuckdbSeriesOptions & { memoryLimit: string }): Promise<Series> {
    const connect = async (): Promise<DuckDBConnection> => {
      const connection = await core.instance.connect();
      await connection.run('CREATE TEMP TABLE picked (series INTEGER, place INTEGER)');
      return connection;
    };
    const times = { waitMs: options.waitMs ?? 10_000, runMs: options.runMs ?? 30_000 };
    const quick = new Lane({ ...times, connections: [await connect(), await connect()], queue: 200 });
    const heavy = new Lane({ ...times, connections: [await connect()], queue: 20 });
    return new Series(core, quick, heavy, await core.instance.connect(), options.memoryLimit);
  }

  constructor(core: Core, quick: Lane, heavy: Lane, sealer: DuckDBConnection, memoryLimit: string) {
    this.#core = core;
    this.#quick = quick;
    this.#heavy = heavy;
    this.#sealer = sealer;
    this.#memoryLimit = memoryLimit;
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
        const hot = view.generations.map((g) => `SELECT count(*) AS n FROM hot_${g.id}`).join(' UNION ALL ');
        const [n] = await readNumbers(connection, `SELECT sum(n)::DOUBLE - (SELECT count(*) FROM dead) FROM (${hot})`);
        return view.parts.reduce((sum, p) => sum + (p.raw ? p.rows : 0), n![0]!); // an aggregate has one row
      }),
    );
    return {
      rows,
      bytes: await files.bytes(),
      newestReceived: state.newestReceived,
    };
  }

  /** One run at a time; a call during one waits for it and runs again. */
  async maintain(now: number): Promise<void> {
    while (this.#maintaining) await this.#maintaining.catch(() => {});
    const run = maintain({ core: this.#core, sealer: this.#sealer, memoryLimit: this.#memoryLimit, now }).finally(
      () => {
        this.#maintaining = undefined;
      },
    );
    this.#maintaining = run;
    await run;
  }

  setBacklog(ms: number): void {
    this.#heavy.hold(ms > BACKLOG_LIMIT);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#quick.close();
    this.#heavy.close();
    await this.#maintaining?.catch(() => {});
    await this.#core.exclusive(async () => {
      this.#core.writer.closeSync();
    });
    this.#sealer.closeSync();
    this.#core.instance.closeSync();
  }

  // Sealing keeps up with several hundred thousand rows a second; should it not, writing waits instead of growing.
  async #room(): Promise<void> {
    const { views, limits } = this.#core;
    while (this.#maintaining && views.current.open.rows >= 3 * limits.sealRows) await this.#maintaining.catch(() => {});
  }

  #sealSoon(): void {
    if (this.#maintaining || this.#closed) return;
    this.maintain(Date.now()).catch((error: unknown) => {
      this.#core.logger.error({ err: error }, 'sealing the hot table failed; it is tried again with the next batch');
    });
  }
}

function period({ from, to }: { from: number; to: number }): { from: number; to: number } {
  const bound = (t: number): number => Math.trunc(Math.min(Math.max(t, -LAST_TIME), LAST_TIME));
  return { from: bound(from), to: bound(to) };
}
