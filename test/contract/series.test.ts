/** The series contract on the embedded engine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { openDuckdbSeries } from '../../services/engines/series/duckdb/duckdb-series.ts';
import { seriesContract } from './series.ts';

seriesContract('DuckDB and Parquet', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'series-'));
  return {
    open: (options) =>
      openDuckdbSeries({ dir, logger: pino({ level: 'silent' }), threads: 1, memoryLimit: '256MB', ...options }),
    destroy: () => rm(dir, { recursive: true }),
  };
});
