/** A data folder with many readings, written through the series port as the store stage would, and compacted. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pino from 'pino';
import { openDuckdbSeries } from '../../../services/engines/series/duckdb/duckdb-series.ts';
import { START } from '../../../services/model/log.ts';
import { generateReadings, STEP_MS } from './series-generator.ts';

const BLOCK = 20_000;
const SEED = 1;
const TWO_DAYS = 2 * 86_400_000;

export interface History {
  rows: number;
  assets: number;
  /** Epoch ms: after the last reading. */
  end: number;
}

export const startOf = ({ rows, assets, end }: History) => end - Math.ceil(rows / assets) * STEP_MS;

/** Fills `dataDir`/series unless it is filled already. Gives the seconds it took, for the rows and for compacting. */
export async function loadHistory(dataDir: string, history: History): Promise<{ loading: number; compacting: number }> {
  const dir = join(dataDir, 'series');
  await mkdir(dir, { recursive: true });
  const store = await openDuckdbSeries({ dir, logger: pino({ level: 'warn' }) });
  const began = performance.now();
  let compacting = began;
  try {
    if ((await store.stats()).rows >= history.rows) return { loading: 0, compacting: 0 };
    const { rows, assets } = history;
    let seq = START.seq;
    let offset = 0;
    for (const block of generateReadings({ rows, assets, block: BLOCK, seed: SEED, start: startOf(history) })) {
      offset += block.count;
      await store.write([block], { seq: ++seq, offset });
    }
    compacting = performance.now();
    // Two days on, so that the youngest rows are sealed too.
    await store.maintain(Date.now() + TWO_DAYS);
  } finally {
    await store.close();
  }
  await forgetCursor(dir);
  return { loading: (compacting - began) / 1000, compacting: (performance.now() - compacting) / 1000 };
}

/** The log that the cursor is a place in does not exist: the platform starts with an empty one. */
async function forgetCursor(dir: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(dir, 'series.duckdb'));
  const connection = await instance.connect();
  await connection.run(`UPDATE state SET seq = ${START.seq}, off = ${START.offset}`);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
}
