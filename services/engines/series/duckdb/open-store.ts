/** Opens the folder of the embedded series engine: a DuckDB file and the sealed Parquet files beside it. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { RetentionPolicy } from '../../../model/series.ts';
import { SeriesDictionary } from '../dictionary.ts';
import type { Meaning, SeriesLogger } from '../meaning.ts';
import { type Core, type Limits, queue } from './core.ts';
import { DuckdbStore } from './duckdb-store.ts';
import { Files } from './files.ts';
import { Lane } from './lanes.ts';
import { DAY } from './sql.ts';
import { loadDictionary, loadGenerations, loadParts, loadState, prepareTables } from './tables.ts';
import { View, Views } from './view.ts';

export interface DuckdbSeriesOptions {
  /** Everything is in this folder; one process at a time. */
  dir: string;
  logger: SeriesLogger;
  /** Of DuckDB for tables and questions, as it writes sizes; merging has half as much again while it runs. */
  memoryLimit?: `${number}MB`;
  threads?: number;
  /** Default: raw values are kept two years. */
  retention?: RetentionPolicy;
  /** What a quantity (without its channel) means; default: plain. */
  meaning?: (quantity: string) => Meaning;
  limits?: Partial<Limits>;
  /** Longest wait of a question for others, and longest answer, ms. */
  waitMs?: number;
  runMs?: number;
}

const DEFAULTS: Limits = {
  sealRows: 2_000_000,
  sealAfter: DAY,
  fanIn: 8,
  exactOwners: 1_000_000,
  ownersKept: 35 * DAY,
};
const TWO_YEARS = 730 * DAY;
// Writing waits while a checkpoint runs, and a start reads the WAL back: both grow with it.
const WAL_BYTES = '16MB';

/** @throws Error when the folder is in use, damaged, or of a later format. */
export async function openStore(options: DuckdbSeriesOptions): Promise<DuckdbStore> {
  const { dir, logger, memoryLimit = '1000MB', threads = 2, waitMs = 10_000, runMs = 30_000 } = options;
  const files = new Files(dir);
  await files.prepare();
  const config = {
    memory_limit: memoryLimit,
    temp_directory: files.temporary,
    // Promise 7: nothing is fetched from anywhere.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  const instance = await DuckDBInstance.create(join(dir, 'series.duckdb'), {
    ...config,
    threads: String(threads),
    wal_autocheckpoint: WAL_BYTES,
  });
  const writer = await instance.connect();
  await writer.run('SET GLOBAL parquet_metadata_cache = true');
  await prepareTables(writer);
  const state = await loadState(writer);
  const generations = await loadGenerations(writer, Date.now());
  const parts = await loadParts(writer);
  const dictionary = new SeriesDictionary();
  await loadDictionary(writer, dictionary, generations);
  const orphans = await files.removeOrphans(parts);
  if (orphans > 0) logger.info({ orphans }, 'removed files that no part names');
  await writer.run('CREATE TEMP TABLE wanted (series INTEGER, time DOUBLE); CREATE TEMP TABLE gone (row DOUBLE)');
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
  const times = { waitMs, runMs };
  const quick = new Lane({ ...times, connections: [await asker(instance), await asker(instance)], queue: 200 });
  const heavy = new Lane({ ...times, connections: [await asker(instance)], queue: 20 });
  const sealer = await instance.connect();
  const half = `${Math.ceil(Number.parseInt(memoryLimit, 10) / 2)}MB`;
  // Merging has an instance of its own: its long reads would keep the other from writing checkpoints, and its one
  // thread leaves the cores to questions.
  const merger = () => DuckDBInstance.create(':memory:', { ...config, memory_limit: half, threads: '1' });
  return new DuckdbStore({ core, quick, heavy, sealer, merger });
}

async function asker(instance: DuckDBInstance) {
  const connection = await instance.connect();
  await connection.run('CREATE TEMP TABLE picked (series INTEGER, place INTEGER)');
  return connection;
}
