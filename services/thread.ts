/**
 * One thread of the process: opens what its roles need, starts them, answers for them, and closes everything in reverse.
 * The main thread makes its own; worker.ts makes those of the others.
 */

import { Cleanup } from './cleanup.ts';
import type { Config } from './config.ts';
import type { Links, ThreadName } from './links.ts';
import { LogFailed } from './model/errors.ts';
import { createLogger } from './ops/logger.ts';
import { createMetrics, type MetricsJson } from './ops/metrics.ts';
import type { Ops } from './ops/ops.ts';
import { PlatformAlerts } from './ops/platform-alerts.ts';
import { openParts, type Started } from './parts.ts';
import { ROLES, type Role } from './roles.ts';

export interface ThreadSpec {
  name: ThreadName;
  roles: Role[];
  config: Config;
  links: Links;
}

export interface Health {
  [name: string]: { ok: boolean; detail?: string };
}

/** What a thread answers to the main one. */
export interface ThreadControl {
  /** Opens the engines that live in this thread. The log is examined meanwhile, so nobody else may open it yet. */
  open(): Promise<void>;
  /** Resolves when every role runs, with the addresses they listen on. */
  start(): Promise<Started>;
  /** Ends the roles; resolves when none does anything any more. */
  stop(): Promise<void>;
  /** Closes what was opened. */
  close(): Promise<void>;
  metrics(): Promise<MetricsJson>;
  health(): Promise<Health>;
}

/** `onFatal` is told of what the process cannot go on after: the log failed. */
export function createThread(spec: ThreadSpec, onFatal: (error: Error) => void): ThreadControl & { ops: Ops } {
  const { name, roles, config, links } = spec;
  const logger = createLogger(config.logLevel).child({ thread: name });
  const metrics = createMetrics();
  const ops: Ops = { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };
  const engines = new Cleanup();
  const running = new Cleanup();
  const health: Health = {};
  const stopping = new AbortController();
  const failed = (part: string, error: unknown): void => {
    const detail = error instanceof Error ? error.message : String(error);
    health[part] = { ok: false, detail };
    ops.alerts.raise(`stage-stopped:${part}`, `The stage ${part} has stopped: ${detail}`);
    if (error instanceof LogFailed) onFatal(error);
  };
  const keepsHouse = name === 'door';
  const parts = openParts({
    config,
    links,
    ops,
    engines,
    cleanup: running,
    signal: stopping.signal,
    failed,
    keepsHouse,
  });
  return {
    ops,
    async open() {
      if (keepsHouse) await parts.log();
      if (links.serves.registry) await parts.registry();
      if (links.serves.series) await parts.series();
    },
    async start() {
      for (const role of roles) {
        await ROLES[role].start(parts);
        health[role] ??= { ok: true };
      }
      // Added last, so it runs first: everything hears of the end before anything is closed.
      running.add('signal', () => stopping.abort());
      return parts.started;
    },
    stop: () => running.run(logger),
    close: () => engines.run(logger),
    // The types of prom-client say what getMetricsAsJSON gives only as a supertype.
    metrics: async () => (await metrics.registry.getMetricsAsJSON()) as MetricsJson,
    async health() {
      const alerts = ops.alerts
        .list()
        .map((a) => [`alert ${a.name} (${name})`, { ok: a.outside, detail: a.detail }] as const);
      return { ...health, ...Object.fromEntries(alerts) };
    },
  };
}
