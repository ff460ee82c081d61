/** What all parts of the engine share. */
import type { RetentionPolicy } from '../../../model/series.ts';
import type { SeriesDictionary } from '../dictionary.ts';
import type { DirtyHours } from '../line-protocol/dirty-hours.ts';
import type { Journal } from '../line-protocol/journal.ts';
import type { SeriesAlerts } from '../line-protocol/server-watch.ts';
import type { Meaning, SeriesLogger } from '../meaning.ts';
import type { Erasing } from './erasing.ts';
import type { InfluxClient } from './influx-client.ts';
import type { InfluxServer } from './influx-server.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface Core {
  client: InfluxClient;
  server: InfluxServer;
  erasing: Erasing;
  journal: Journal;
  dictionary: SeriesDictionary;
  dirty: DirtyHours;
  retention: RetentionPolicy;
  /** By quantity without its channel. */
  meaning: (quantity: string) => Meaning;
  logger: SeriesLogger;
  alerts: SeriesAlerts;
  /** Fires when the engine closes. */
  signal: AbortSignal;
  /** Runs one change at a time, in order of calls. */
  exclusive<T>(change: () => Promise<T>): Promise<T>;
}
