/** Opens the log of a data folder in this thread. */
import type { Log } from '../../model/log.ts';
import { Housekeeper } from './housekeeper.ts';
import { GENERATION_BYTES, LmdbLog, type Reports } from './lmdb-log.ts';
import { Recovery } from './recovery.ts';

export interface OpenLogOptions {
  dir: string;
  logger: Reports;
  /**
   * One thread of the process keeps house. It opens the log before the others (it examines the newest generation if the last
   * process crashed) and closes it after them (it notes that the stop was in order).
   */
  housekeeper?: boolean;
  /** How long handled records are kept, ms, and how many bytes of them. The housekeeper's; default 30 days and 20 GB. */
  retentionMs?: number;
  maxBytes?: number;
  /** A generation is left for the next one at this size. Default 256 MiB. */
  generationBytes?: number;
  /** The housekeeper's: part of the log could not be read and was set aside; an operator must know. */
  onDamaged?: (damage: { name: string; detail: string }) => void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export async function openLmdbLog(options: OpenLogOptions): Promise<Log> {
  const { dir, logger, retentionMs = 30 * DAY_MS, maxBytes = 20e9, generationBytes = GENERATION_BYTES } = options;
  if (!options.housekeeper) return await begun(new LmdbLog({ dir, logger, generationBytes }));

  const recovery = new Recovery({ dir, logger, generationBytes, onDamaged: options.onDamaged });
  await recovery.start();
  const log = await begun(new LmdbLog({ dir, logger, generationBytes }));
  const housekeeper = new Housekeeper({ log, recovery, logger, retentionMs, maxBytes });
  void housekeeper.work();
  log.onClose(
    () => housekeeper.stop(),
    () => recovery.stoppedInOrder(),
  );
  return log;
}

async function begun(log: LmdbLog): Promise<LmdbLog> {
  await log.start();
  return log;
}
