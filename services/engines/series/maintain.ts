/** Housekeeping: close and seal the hot table, merge parts, settle old months, let retention take what is too old. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Core } from './core.ts';
import { isDue, rotate, sealClosed } from './seal.ts';

export interface Maintenance {
  core: Core;
  sealer: DuckDBConnection;
  memoryLimit: string;
  /** Epoch ms. */
  now: number;
}

export async function maintain({ core, sealer, now }: Maintenance): Promise<void> {
  if (isDue(core, now)) await rotate(core);
  await sealClosed(core, sealer);
}
