/** Back-pressure from the state of the log, items 2 and 3 of semantics: Back-pressure. */
import type { LogStats } from '../../model/log.ts';
import type { GateMode } from './read-gate.ts';

export const FAIR_BACKLOG_BYTES = 1_000_000_000;
const FAIR_COMMIT_MS = 1_000;
const STOP_FREE = 0.05;
const RESUME_FREE = 0.07;
/** Of the log's limit, so that it does not stop and start with every block. */
const RESUME_LOG = 0.95;

export interface Pressure {
  mode: GateMode;
  /** Why nothing is accepted, for the platform alert. */
  detail?: string;
}

/**
 * What the gate must do. A log over its limit is trimmed as long as everything in it is handled; so it is at its limit
 * when what is *not* handled fills it.
 */
export function pressure(stats: LogStats, before: GateMode, maxLogBytes: number): Pressure {
  const free = stats.totalBytes > 0 ? stats.freeBytes / stats.totalBytes : 1;
  const stopped = before === 'closed';
  if (free < (stopped ? RESUME_FREE : STOP_FREE))
    return { mode: 'closed', detail: `${(free * 100).toFixed(1)} % of the disk are free` };
  if (stats.backlogBytes >= maxLogBytes * (stopped ? RESUME_LOG : 1))
    return { mode: 'closed', detail: `${stats.backlogBytes} bytes of the log wait to be handled, its limit` };
  if (stats.backlogBytes > FAIR_BACKLOG_BYTES || stats.commitP99 > FAIR_COMMIT_MS) return { mode: 'fair' };
  return { mode: 'open' };
}
