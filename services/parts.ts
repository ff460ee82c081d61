/** What the roles of one thread share. Each part is opened when the first role asks for it, and closed in reverse. */
import type { Cleanup } from './cleanup.ts';
import type { Config } from './config.ts';
import { remote, serve } from './engines/remote.ts';
import { openCodecs, openLog, openRegistry, openSeries, registryAt, seriesAt } from './engines.ts';
import type { Links, Service } from './links.ts';
import type { CodecRunner } from './model/codec.ts';
import type { Log } from './model/log.ts';
import type { Registry } from './model/registry.ts';
import type { SeriesStore } from './model/series.ts';
import type { SourceRunner } from './model/source-runner.ts';
import type { MetricsJson } from './ops/metrics.ts';
import type { Ops } from './ops/ops.ts';
import { DirectoryCache } from './pipeline/directory-cache.ts';
import { PrincipalCache } from './pipeline/principal-cache.ts';
import { runStage } from './pipeline/run-stage.ts';
import type { Stage } from './pipeline/stage.ts';
import type { Commands } from './stages/commands/commands.ts';
import type { NetworkServers } from './stages/connect/network-servers.ts';
import type { Decode } from './stages/decode/decode.ts';
import type { Feed } from './stages/live/feed.ts';
import type { LiveBroker } from './stages/live/live-broker.ts';
import type { Health } from './thread.ts';

/** Addresses the roles of a thread listen on. */
export interface Started {
  http?: string;
  mqtt?: string;
  live?: string;
  /** A link that signs in the first administrator, once. */
  login?: string;
}

/** What all threads together know; answered by the main one. */
export interface Platform {
  metrics(): Promise<MetricsJson[]>;
  readiness(): Promise<Health>;
}

export interface Parts {
  readonly config: Config;
  readonly ops: Ops;
  readonly signal: AbortSignal;
  readonly cleanup: Cleanup;
  readonly started: Started;
  log(): Promise<Log>;
  registry(): Promise<Registry>;
  series(): Promise<SeriesStore>;
  /** Runs scripts for the frames of devices. */
  codecs(): Promise<CodecRunner>;
  /** Runs scripts that somebody tries out. */
  codecTries(): Promise<CodecRunner>;
  directory(): Promise<DirectoryCache>;
  principals(): Promise<PrincipalCache>;
  /** What the role live made, for the role api beside it. */
  live: { feed: Feed; broker: LiveBroker } | undefined;
  /** What the role connect made, for the role api beside it. */
  networkServers: NetworkServers | undefined;
  sources: SourceRunner | undefined;
  /** What the role decode knows of devices and gateways, for the role api beside it. */
  deviceReport: Decode['report'] | undefined;
  gatewayReports: Decode['gateways'] | undefined;
  redecodes: Decode['redecodes'] | undefined;
  /** What the role commands made, for the role api beside it. */
  commands: Commands | undefined;
  /** A port that lives in another thread. */
  remote<T extends object>(service: Service): T;
  /** Answers for a port that lives here. */
  serve(service: Service, implementation: object): void;
  /** Runs a stage until the end; its failure is the thread's to report. */
  run(stage: Stage): Promise<void>;
  /** Does something now and then until the end, never twice at once. Its failure is told and it is tried again. */
  every(name: string, ms: number, work: () => Promise<unknown>): void;
  failed(part: string, error: unknown): void;
}

interface Context {
  config: Config;
  links: Links;
  ops: Ops;
  /** For what is opened here; closed when everything that runs has ended. */
  engines: Cleanup;
  /** For what runs. */
  cleanup: Cleanup;
  signal: AbortSignal;
  failed: Parts['failed'];
  /** This thread opens the log first and closes it last. */
  keepsHouse: boolean;
}

const CALL_MS = 30_000;
/** The change feed wakes the directory; this is for the day it does not. */
const REFRESH_MS = 1000;

export function openParts({ config, links, ops, engines, cleanup, signal, failed, keepsHouse }: Context): Parts {
  const use = (service: Service) => {
    const port = links.uses[service];
    if (!port) throw new Error(`this thread has no wire to ${service}`);
    return port;
  };
  const remotes = new Map<Service, object>();
  const parts: Parts = {
    config,
    ops,
    signal,
    cleanup,
    started: {},
    live: undefined,
    networkServers: undefined,
    sources: undefined,
    deviceReport: undefined,
    gatewayReports: undefined,
    redecodes: undefined,
    commands: undefined,
    failed,
    log: once(async () => {
      const log = await openLog(config, ops, keepsHouse);
      engines.add('log', () => log.close());
      return log;
    }),
    registry: once(async () => {
      if (links.uses.registry) return registryAt(use('registry'), config);
      const registry = await openRegistry(config, ops.logger);
      engines.add('registry', () => registry.close());
      parts.serve('registry', registry);
      return registry;
    }),
    series: once(async () => {
      if (links.uses.series) return seriesAt(use('series'), config);
      const series = await openSeries(config, ops, signal);
      engines.add('series', () => series.close());
      parts.serve('series', series);
      return series;
    }),
    codecs: once(async () => {
      const codecs = await openCodecs(ops, 'devices');
      engines.add('codecs', () => codecs.close());
      return codecs;
    }),
    codecTries: once(async () => {
      const codecs = await openCodecs(ops, 'tries');
      engines.add('codec tries', () => codecs.close());
      return codecs;
    }),
    directory: once(async () => {
      const registry = await parts.registry();
      const directory = new DirectoryCache(registry.directory);
      await directory.refresh();
      cleanup.add('directory', follow(directory, registry, ops));
      return directory;
    }),
    principals: once(async () => {
      const { tokens } = await parts.registry();
      return new PrincipalCache({ tokens, ...(config.adminToken ? { adminToken: config.adminToken } : {}) });
    }),
    remote: <T extends object>(service: Service) => {
      // One for all who use it: two on one port would take each other's answers.
      const made = remotes.get(service) ?? remote<T>(use(service), { timeoutMs: CALL_MS } as never); // see RemoteOptions: T has no local members here
      remotes.set(service, made);
      return made as T;
    },
    serve(service, implementation) {
      for (const port of links.serves[service] ?? []) serve(port, implementation, { handsOver: ['points', 'windows'] });
    },
    async run(stage) {
      const log = await parts.log();
      const done = runStage({ log, stage, ops, signal }).catch((error: unknown) => failed(stage.name, error));
      cleanup.add(`stage ${stage.name}`, () => done);
    },
    every(name, ms, work) {
      let running: Promise<void> | undefined;
      const timer = setInterval(() => {
        running ??= work()
          .then(
            () => ops.alerts.clear(name),
            (error: unknown) => ops.alerts.raise(name, `${name} failed: ${String(error)}`),
          )
          .finally(() => {
            running = undefined;
          });
      }, ms);
      cleanup.add(name, () => {
        clearInterval(timer);
        return running;
      });
    },
  };
  return parts;
}

function follow(directory: DirectoryCache, registry: Registry, ops: Ops): () => void {
  const refresh = (): void => {
    directory.refresh().then(
      () => ops.alerts.clear('directory-stale'),
      (error: unknown) => ops.alerts.raise('directory-stale', `the registry does not answer: ${String(error)}`),
    );
  };
  const unwatch = registry.watch(refresh);
  const timer = setInterval(refresh, REFRESH_MS).unref();
  return () => {
    unwatch();
    clearInterval(timer);
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
