/** Opens the series store on VictoriaMetrics, single node or cluster. See docs/decisions: VictoriaMetrics keeps the first value. */
import { mkdir } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { join } from 'node:path';
import { InfluxDB } from '@influxdata/influxdb-client';
import { Unavailable } from '../../../model/errors.ts';
import type { SeriesStore } from '../../../model/series.ts';
import { SeriesDictionary } from '../dictionary.ts';
import { BatchWriter } from '../line-protocol/batch-writer.ts';
import { DirtyHours } from '../line-protocol/dirty-hours.ts';
import { Journal } from '../line-protocol/journal.ts';
import { LineWriter, type Refused } from '../line-protocol/line-writer.ts';
import { once } from '../line-protocol/once.ts';
import { RETRY, type RetryTimes } from '../line-protocol/retry.ts';
import { ServerAccess } from '../line-protocol/server-access.ts';
import { type SeriesAlerts, ServerWatch } from '../line-protocol/server-watch.ts';
import type { Meaning, SeriesLogger } from '../meaning.ts';
import { VictoriametricsServer } from './line-server.ts';
import { SelectApi } from './select-api.ts';
import { checkServer, WrongServer } from './server-check.ts';
import { VictoriametricsStore } from './victoriametrics-store.ts';
import { Visibility } from './visibility.ts';

/** Where to write and where to read, base addresses with their scheme. */
export type VictoriametricsAddress =
  | { kind: 'single'; url: string }
  /** `insert`: of vminsert, `select`: of vmselect; `tenant`: `accountID` or `accountID:projectID`. */
  | { kind: 'cluster'; insert: string; select: string; tenant: string };

export interface VictoriametricsOptions {
  /** Folder of the journal; made where it is missing. */
  dir: string;
  address: VictoriametricsAddress;
  /** Of vmauth or another proxy in front; sent as a bearer token. */
  token?: string | undefined;
  logger: SeriesLogger;
  alerts: SeriesAlerts;
  /** Told of values that were refused, for the metric. */
  onRefused?: (count: number) => void;
  /** What a quantity (without its channel) means; default: plain. */
  meaning?: (quantity: string) => Meaning;
  /** The process is about to end: requests to a server that does not answer end soon after. */
  stopping?: AbortSignal;
  times?: RetryTimes;
  /** How long a cluster may take until it shows what it confirmed, ms. */
  shownMs?: number;
}

const READ_MS = 30_000;
const BEGIN_MS = 3000;
const SOCKETS = 8;
// The server turns rows into searchable parts every second, and a cluster's insert node holds them 200 ms before:
// github.com/VictoriaMetrics/VictoriaMetrics, lib/storage/partition.go (rawRowsFlushInterval), app/vminsert/netstorage.
const SHOWN_MS = 2000;
const WAIT_MS = 20_000;

/**
 * Opens also while the server is away: writing and reading throw Unavailable until it answers.
 * @throws WrongServer when it is another's or set up wrongly, Error when the journal is of a later format.
 */
export async function openVictoriametricsSeries(options: VictoriametricsOptions): Promise<SeriesStore> {
  const { dir, address, token, logger, alerts, meaning = () => 'plain', times = RETRY, shownMs = SHOWN_MS } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const journal = new Journal(join(dir, 'journal.sqlite'));
  const dictionary = new SeriesDictionary();
  journal.loadDictionary(dictionary);
  const abort = new AbortController();
  const { signal } = abort;
  const { insert, select, flushUrl, shown } = paths(address);
  const watch = new ServerWatch({ server: `VictoriaMetrics at ${shown}`, logger, alerts });
  const writer = new LineWriter({
    transport: transportTo(insert, token, signal),
    path: '/api/v2/write?precision=ms',
    times,
    signal,
    onRetry: (error, forMs) => watch.again('writing', error, forMs),
  });
  const api = new SelectApi({
    base: select,
    metricsUrl: flushUrl && `${insert}/metrics`,
    token,
    requestMs: READ_MS,
    signal,
  });
  const visibility = new Visibility({ flushUrl, token, signal, shownMs });
  const server = new VictoriametricsServer({ writer, api, visibility, dictionary });
  const batches = new BatchWriter({
    journal,
    dictionary,
    dirty: new NoRollups(),
    server,
    logger,
    onRefused(refused) {
      const [{ text, reason }] = refused as [Refused]; // it is told of some
      logger.error({ refused: refused.length, first: text, reason }, 'VictoriaMetrics cannot hold some readings');
      alerts.raise('series-refused', `${refused.length} values were refused, the first because ${reason}`);
      options.onRefused?.(refused.length);
    },
  });
  // A wrong server may be mended while we run: for callers it is one that is away.
  const ready = once(async () => {
    try {
      await checkServer({ journal, writer, api, visibility, alerts, address: shown, folder: dir });
    } catch (cause) {
      throw cause instanceof WrongServer ? new Unavailable(cause.message, { cause }) : cause;
    }
  });
  const store = new VictoriametricsStore({
    journal,
    dictionary,
    writer: batches,
    api,
    visibility,
    meaning,
    access: new ServerAccess({ ready, watch, abort, waitMs: WAIT_MS, runMs: READ_MS, stopping: options.stopping }),
  });
  try {
    await store.begin(BEGIN_MS);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

/** Every hour counts as known to be out of date, so that none is ever noted: there are no rollups. */
class NoRollups extends DirtyHours {
  override has(): boolean {
    return true;
  }
}

interface Paths {
  insert: string;
  select: string;
  flushUrl: string | undefined;
  shown: string;
}

/** @see https://docs.victoriametrics.com/cluster-victoriametrics/#url-format */
function paths(address: VictoriametricsAddress): Paths {
  if (address.kind === 'single') {
    const url = address.url.replace(/\/$/, '');
    return { insert: url, select: url, flushUrl: `${url}/internal/force_flush`, shown: url };
  }
  const { insert, select, tenant } = address;
  return {
    insert: `${insert.replace(/\/$/, '')}/insert/${tenant}/influx`,
    select: `${select.replace(/\/$/, '')}/select/${tenant}/prometheus`,
    flushUrl: undefined,
    shown: `${insert}, ${select}`,
  };
}

function transportTo(url: string, token: string | undefined, signal: AbortSignal): InfluxDB['transport'] {
  const options = { keepAlive: true, maxSockets: SOCKETS, scheduling: 'lifo' } as const;
  const agent = url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  signal.addEventListener('abort', () => agent.destroy());
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new InfluxDB({ url, headers, transportOptions: { agent } }).transport;
}
