/** Opens the log of a data folder in this thread. One thread of the process keeps house; it opens first and closes last. */
import type { Log } from '../../model/log.ts';
import { LmdbLog, type Reports } from './lmdb-log.ts';

export interface OpenLogOptions {
  dir: string;
  logger: Reports;
  /** Default 256 MiB; smaller in tests. */
  generationBytes?: number;
}

export async function openLmdbLog(options: OpenLogOptions): Promise<Log> {
  const log = new LmdbLog(options);
  await log.start();
  return log;
}
