/** Opens the series engine on InfluxDB: journal, connection, and the check that both belong together. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../../model/errors.ts';
import type { RetentionPolicy, SeriesStore } from '../../../model/series.ts';
import { SeriesDictionary } from '../dictionary.ts';
import { BatchWriter } from '../line-protocol/batch-writer.ts';
import { DirtyHours } from '../line-protocol/dirty-hours.ts';
import { Journal } from '../line-protocol/journal.ts';
import type { Refused } from '../line-protocol/line-writer.ts';
import { once } from '../line-protocol/once.ts';
import { RETRY, type RetryTimes } from '../line-protocol/retry.ts';
import { ServerAccess } from '../line-protocol/server-access.ts';
import { type SeriesAlerts, ServerWatch } from '../line-protocol/server-watch.ts';
import type { Meaning, SeriesLogger } from '../meaning.ts';
import type { Core } from './core.ts';
import { Erasing } from './erasing.ts';
import { checkBucket, WrongBucket } from './identity.ts';
import { type InfluxAddress, InfluxClient } from './influx-client.ts';
import { InfluxSeries } from './influx-series.ts';
import { InfluxServer } from './influx-server.ts';

export interface InfluxSeriesOptions {
  /** Of the journal; one process at a time. */
  dir: string;
  address: InfluxAddress;
  logger: SeriesLogger;
  alerts: SeriesAlerts;
  /** Told of points the server refused, for the metric. */
  onRefused?: (count: number) => void;
  /** Default: raw values are kept two years. */
  retention?: RetentionPolicy;
  /** What a quantity (without its channel) means; default: plain. */
  meaning?: (quantity: string) => Meaning;
  /** false: do without DELETE, as with InfluxDB 3. Default: what the server's version knows. */
  deletes?: boolean;
  /** The process is about to end: requests to a server that does not answer end soon after. */
  stopping?: AbortSignal;
  times?: RetryTimes;
  waitMs?: number;
  runMs?: number;
}

const TWO_YEARS = 730 * 86_400_000;
/** Nobody's doors wait longer than this for a server that takes connections and says nothing. */
const BEGIN_MS = 3_000;

/**
 * Opens also while the server is away: reading and writing throw Unavailable until it answers.
 * @throws WrongBucket when journal and bucket do not belong together, Error when the journal is of a later format.
 */
export async function openInfluxSeries(options: InfluxSeriesOptions): Promise<SeriesStore> {
  const { dir, address, logger, alerts, times = RETRY, waitMs = 10_000, runMs = 30_000 } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const journal = new Journal(join(dir, 'journal.sqlite'));
  const dictionary = new SeriesDictionary();
  journal.loadDictionary(dictionary);
  const dirty = new DirtyHours();
  for (const [hour, series] of journal.dirty()) dirty.add(hour, series);
  const closing = new AbortController();
  const client = new InfluxClient(address);
  const watch = new ServerWatch({ server: 'InfluxDB', logger, alerts });
  const onRetry = (error: unknown, forMs: number): void => watch.again('writing', error, forMs);
  const erasing = new Erasing();
  if (options.deletes === false) erasing.hideInstead();
  const server = new InfluxServer({ client, dictionary, erasing, times, signal: closing.signal, onRetry });
  // What has to be shown before anything else needs the core, and the core the way to the server.
  const ready = once(() => checkBucket({ ...core, folder: dir }));
  const access = new ServerAccess({ ready, watch, abort: closing, waitMs, runMs, stopping: options.stopping });
  const core: Core = {
    client,
    server,
    erasing,
    journal,
    dictionary,
    dirty,
    retention: options.retention ?? { rawBefore: () => Date.now() - TWO_YEARS },
    meaning: options.meaning ?? (() => 'plain'),
    logger,
    signal: closing.signal,
    alerts,
    exclusive: access.exclusive,
  };
  const onRefused = (refused: readonly Refused[]): void => {
    const [{ text, reason }] = refused as [Refused]; // it is told of some
    logger.error({ refused: refused.length, first: text, reason }, 'InfluxDB refused readings');
    alerts.raise('series-refused', `InfluxDB refused ${refused.length} readings, the first because: ${reason}`);
    options.onRefused?.(refused.length);
  };
  const writer = new BatchWriter({ journal, dictionary, dirty, server, logger, onRefused });
  const store = new InfluxSeries({ core, writer, access });
  // What was under way when the process ended is finished first: the stage goes on behind it.
  const begun = access.change(() => writer.finishPending());
  try {
    await Promise.race([begun, sleep(BEGIN_MS, undefined, { ref: false, signal: closing.signal })]);
  } catch (error) {
    if (!(error instanceof Unavailable) || error instanceof WrongBucket) {
      await store.close();
      throw error;
    }
  }
  begun.catch(() => {}); // later than that it is an alert, and the next write says it again
  return store;
}
