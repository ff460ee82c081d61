/** Where in the data folder each series engine keeps what is its own, and a word when another one has been here before. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesAddress } from './series-url.ts';

type Engine = SeriesAddress['engine'];

export const SERIES_FOLDERS: Readonly<Record<Engine, string>> = {
  duckdb: 'series',
  influxdb: 'series-influxdb',
  victoriametrics: 'series-victoriametrics',
};

interface Parts {
  dataDir: string;
  configured: Engine;
  logger: { warn(line: string): void };
}

/**
 * Warns, in one line, when another engine has stored here: nothing is wrong, and yet its history is not seen any more.
 * Call before the configured engine makes its folder.
 */
export function tellOfOtherEngines({ dataDir, configured, logger }: Parts): void {
  const others = Object.entries(SERIES_FOLDERS).filter(
    ([engine, folder]) => engine !== configured && existsSync(join(dataDir, folder)),
  );
  if (others.length === 0) return;
  const names = others.map(([engine, folder]) => `${engine} (${folder}/)`).join(' and ');
  const folder = SERIES_FOLDERS[configured];
  const since = existsSync(join(dataDir, folder)) ? '' : ', which starts with what the log still holds';
  logger.warn(
    `SANSEVAERK_SERIES_URL: readings are kept by ${configured} (${folder}/)${since}; there are also readings of ${names}, which are not shown: go back to that engine, or move its folder away`,
  );
}
