/** The one file that chooses engines. Each is imported where it is opened, so that a thread loads only what it uses. */
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { type Config, ConfigError } from './config.ts';
import { remote } from './engines/remote.ts';
import { remoteRegistry } from './engines/remote-registry.ts';
import { catalogue } from './knowledge/catalogue/catalogue.ts';
import type { CodecRunner } from './model/codec.ts';
import type { Log } from './model/log.ts';
import type { Registry } from './model/registry.ts';
import type { RetentionPolicy, SeriesStore } from './model/series.ts';
import type { Logger } from './ops/logger.ts';
import type { Ops } from './ops/ops.ts';
import { SERIES_FOLDERS, tellOfOtherEngines } from './series-folders.ts';

const REGISTRY_CALL_MS = 30_000;
const SERIES_CALL_MS = 60_000;
const RAW_DAYS = 730;

/** `keepsHouse`: the one thread that examines the log after a crash and deletes what is too old. */
export async function openLog(config: Config, { logger, alerts }: Ops, keepsHouse: boolean): Promise<Log> {
  const { openLmdbLog } = await import('./engines/log/open-lmdb-log.ts');
  return await openLmdbLog({
    dir: join(config.dataDir, 'log'),
    logger,
    housekeeper: keepsHouse,
    retentionMs: config.logRetentionMs,
    maxBytes: config.logMaxBytes,
    onDamaged: ({ name, detail }) => alerts.raise('log-damaged', `part of the log (${name}) is set aside: ${detail}`),
  });
}

function registryFile(config: Config): string {
  return join(config.dataDir, 'registry.sqlite');
}

export async function openRegistry(config: Config, logger: Logger): Promise<Registry> {
  const { loadSealKey } = await import('./engines/registry/seal.ts');
  const { openSqliteRegistry } = await import('./engines/registry/sqlite-registry.ts');
  const sealKey = await loadSealKey(config.keyFile).catch((cause: unknown) => {
    throw new ConfigError(`SANSEVAERK_KEY_FILE: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  return await openSqliteRegistry({ file: registryFile(config), sealKey, logger });
}

/** The registry of another thread. */
export function registryAt(port: MessagePort, config: Config): Registry {
  return remoteRegistry(port, { file: registryFile(config), timeoutMs: REGISTRY_CALL_MS });
}

/** `stopping`: the thread is about to end; for a server that is away nobody waits then. */
export async function openSeries(config: Config, ops: Ops, stopping: AbortSignal): Promise<SeriesStore> {
  const { logger, alerts } = ops;
  const { series, seriesToken: token } = config;
  tellOfOtherEngines({ dataDir: config.dataDir, configured: series.engine, logger });
  const dir = join(config.dataDir, SERIES_FOLDERS[series.engine]);
  const meaning = (name: string) => {
    const quantity = catalogue.quantity(name);
    return quantity?.circular ? 'circular' : quantity?.kind === 'counter' ? 'counter' : 'plain';
  };
  const retention: RetentionPolicy = {
    rawBefore: (name) => Date.now() - (catalogue.quantity(name)?.rawDays ?? RAW_DAYS) * 86_400_000,
  };
  /** For engines that are servers: they may refuse what we send. */
  const countRefused = () => {
    const refused = ops.metrics.counter(
      'series_refused_total',
      'Readings the series engine refused; the ledger counts them as duplicates',
    );
    return (count: number) => refused.inc(count);
  };
  switch (series.engine) {
    case 'duckdb': {
      const { openDuckdbSeries } = await import('./engines/series/duckdb/duckdb-series.ts');
      return await openDuckdbSeries({ dir, logger, meaning, retention });
    }
    case 'influxdb': {
      const { openInfluxSeries } = await import('./engines/series/influxdb/open-influx-series.ts');
      const { url, org, bucket } = series;
      return await openInfluxSeries({
        dir,
        address: { url, org, bucket, token },
        logger,
        alerts,
        meaning,
        retention,
        onRefused: countRefused(),
        stopping,
      });
    }
    case 'victoriametrics': {
      const { openVictoriametricsSeries } = await import('./engines/series/victoriametrics/victoriametrics-series.ts');
      const { address } = series;
      const onRefused = countRefused();
      return await openVictoriametricsSeries({ dir, address, token, logger, alerts, meaning, onRefused, stopping });
    }
  }
}

/** The series store of another thread. */
export function seriesAt(port: MessagePort, config: Config): SeriesStore {
  const capabilities = { replaces: config.series.engine !== 'victoriametrics' };
  return remote<SeriesStore>(port, { timeoutMs: SERIES_CALL_MS, local: { capabilities } });
}

/**
 * The sandbox for scripts of operators, in a thread of its own that begins with the first call. `tries`: for scripts that
 * somebody tries out, so that those never delay the frames of devices; nobody is alerted of them.
 */
export async function openCodecs({ alerts }: Ops, purpose: 'devices' | 'tries'): Promise<CodecRunner> {
  const { createCodecRunner } = await import('./engines/codecs/codec-runner.ts');
  if (purpose === 'tries') return createCodecRunner();
  return createCodecRunner({
    onSetAside: ({ id, version }, reason) =>
      alerts.raise(
        `codec-set-aside:${id}`,
        `the codec ${id} (version ${version}) failed 5 times within a minute and is set aside for a minute at a time: ${reason}`,
      ),
    onWorking: ({ id }) => alerts.clear(`codec-set-aside:${id}`),
  });
}
