/**
 * The roles: one a stage, which thread it runs in, and how it is started with what its thread has. Within a thread they
 * start in this order: who reads is there before who writes. Stages are imported where they start, so that a thread loads
 * only what it runs.
 */
import { randomUUID } from 'node:crypto';
import { ConfigError } from './config.ts';
import { readInstallation } from './installation.ts';
import { isPublicAddress } from './knowledge/access/public-address.ts';
import { catalogue } from './knowledge/catalogue/catalogue.ts';
import type { ThreadName } from './links.ts';
import type { Parts, Platform } from './parts.ts';
import { ReceiptClock } from './pipeline/clock.ts';
import { createOutgoing } from './pipeline/outgoing/request.ts';
import type { IngestDoor } from './stages/ingest/http-door.ts';

interface RoleEntry {
  thread: ThreadName;
  start(parts: Parts): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const COMMANDS_KEPT_MS = 365 * 24 * HOUR_MS;

export const ROLES = {
  store: {
    thread: 'store',
    async start(parts) {
      const { createStore } = await import('./stages/store/store.ts');
      const series = await parts.series();
      await parts.run(createStore({ series, ops: parts.ops }));
      parts.every('series maintenance', MINUTE_MS, () => series.maintain(Date.now()));
    },
  },

  notify: {
    thread: 'work',
    async start(parts) {
      const { createEmail } = await import('./stages/notify/email.ts');
      const { createNotify } = await import('./stages/notify/notify.ts');
      const { startSender } = await import('./stages/notify/sender.ts');
      const { createWebhook } = await import('./stages/notify/webhook.ts');
      const { config, ops, cleanup } = parts;
      const registry = await parts.registry();
      const directory = await parts.directory();
      const deliver = {
        webhook: createWebhook({ allowPrivateTargets: config.allowPrivateTargets, proxy: config.proxy }),
        email: createEmail({ smtpUrl: config.smtpUrl, from: config.mailFrom }),
      };
      const sender = startSender({ registry, deliver, ops });
      cleanup.add('sender', () => sender.stop());
      const link = (alert: string) => `${config.publicUrl ?? parts.started.http ?? ''}/alarmer?id=${alert}`;
      await parts.run(createNotify({ registry, directory, link, onQueued: () => sender.wake() }));
    },
  },

  alerts: {
    thread: 'work',
    async start(parts) {
      const { createAlerts } = await import('./stages/alerts/alerts.ts');
      await parts.run(createAlerts({ registry: await parts.registry(), ops: parts.ops }));
    },
  },

  rejects: {
    thread: 'work',
    async start(parts) {
      const { createRejects, expireRejects } = await import('./stages/rejects/rejects.ts');
      const registry = await parts.registry();
      await parts.run(createRejects({ registry }));
      parts.every('expiry of rejects', HOUR_MS, () => expireRejects(registry, Date.now()));
    },
  },

  rules: {
    thread: 'work',
    async start(parts) {
      const { createRules } = await import('./stages/rules/rules.ts');
      await parts.run(createRules({ directory: await parts.directory(), catalogue, ops: parts.ops }));
    },
  },

  decode: {
    thread: 'work',
    async start(parts) {
      const { createDecode } = await import('./stages/decode/decode.ts');
      const series = await parts.series();
      const { codecs } = await parts.registry();
      const decode = createDecode({
        directory: await parts.directory(),
        catalogue,
        series,
        log: await parts.log(),
        codecs: await parts.codecs(),
        versions: (codec) => codecs.versions(codec),
        ops: parts.ops,
      });
      parts.deviceReport = (device) => decode.report(device);
      parts.gatewayReports = (now) => decode.gateways(now);
      parts.redecodes = (codec) => decode.redecodes(codec);
      await parts.run(decode);
    },
  },

  live: {
    thread: 'work',
    async start(parts) {
      const { createFeed } = await import('./stages/live/feed.ts');
      const { createLiveBroker } = await import('./stages/live/live-broker.ts');
      const { config, ops, cleanup, signal } = parts;
      const directory = await parts.directory();
      const feed = createFeed({ log: await parts.log(), directory, ops });
      const followed = feed.run(signal).catch((error: unknown) => parts.failed('live', error));
      cleanup.add('live feed', () => followed);
      const broker = await createLiveBroker({
        live: feed,
        directory,
        catalogue,
        principals: await parts.principals(),
        ops,
      });
      cleanup.add('live broker', () => broker.close());
      if (config.mqttLivePort !== 'off') {
        const { host, port } = await broker.listen(config.host, config.mqttLivePort);
        parts.started.live = `mqtt://${inUrl(host)}:${port}`;
      }
      parts.live = { feed, broker };
    },
  },

  connect: {
    thread: 'work',
    async start(parts) {
      const { createNetworkServers } = await import('./stages/connect/network-servers.ts');
      const { createOutageLog } = await import('./stages/connect/outage-log.ts');
      const { config, ops, cleanup } = parts;
      const networkServers = createNetworkServers({
        registry: await parts.registry(),
        door: parts.remote<IngestDoor>('door'),
        outage: createOutageLog(await parts.log(), ops.logger),
        installation: readInstallation(config.dataDir),
        process: randomUUID().slice(0, 8),
        allowPrivateTargets: config.allowPrivateTargets,
        ops,
      });
      await networkServers.start();
      cleanup.add('network servers', () => networkServers.stop());
      parts.networkServers = networkServers;
      const { createSources } = await import('./stages/connect/sources/sources.ts');
      const sources = createSources({
        registry: await parts.registry(),
        directory: await parts.directory(),
        door: parts.remote<IngestDoor>('door'),
        log: await parts.log(),
        proxy: config.proxy,
        allowPrivateTargets: config.allowPrivateTargets,
        ops,
      });
      await sources.start();
      cleanup.add('sources', () => sources.stop());
      parts.sources = sources;
    },
  },

  commands: {
    thread: 'work',
    async start(parts) {
      const { startCommands } = await import('./stages/commands/commands.ts');
      const { networkServers, cleanup, ops } = parts;
      if (!networkServers) throw new Error('the role commands needs the role connect in its thread');
      const door = parts.remote<IngestDoor>('door');
      const registry = await parts.registry();
      const commands = startCommands({
        commands: registry.commands,
        directory: await parts.directory(),
        sender: networkServers,
        publish: (device, payload) => door.sendCommand(device, payload),
        report: (device) => parts.deviceReport?.(device),
        ops,
      });
      cleanup.add('commands', () => commands.stop());
      parts.commands = commands;
      parts.every('expiry of commands', HOUR_MS, () => registry.commands.deleteBefore(Date.now() - COMMANDS_KEPT_MS));
    },
  },

  api: {
    thread: 'work',
    async start(parts) {
      const { createApi } = await import('./stages/api/api.ts');
      const { readDecodeCounts } = await import('./stages/decode/ledger-counts.ts');
      const { readAccepted } = await import('./stages/ingest/accepted.ts');
      const { config, ops, cleanup } = parts;
      if (!parts.live) throw new Error('the role api needs the role live in its thread');
      const { feed, broker } = parts.live;
      const platform = parts.remote<Platform>('platform');
      const api = await createApi({
        config: {
          host: config.host,
          port: config.httpPort,
          webDir: config.webDir,
          sampleData: config.sampleData,
          allowPrivateTargets: config.allowPrivateTargets,
          ...(config.publicUrl ? { publicUrl: config.publicUrl } : {}),
        },
        outgoing: createOutgoing({
          allowPrivateTargets: config.allowPrivateTargets,
          isPublic: isPublicAddress,
          proxy: config.proxy,
        }),
        registry: await parts.registry(),
        series: await parts.series(),
        log: await parts.log(),
        directory: await parts.directory(),
        principals: await parts.principals(),
        catalogue,
        live: feed,
        upgrade: (request, socket, head) => broker.upgrade(request, socket, head),
        door: parts.remote<IngestDoor>('door'),
        ops,
        readDecodeCounts,
        readAccepted,
        deviceReport: (device) => parts.deviceReport?.(device),
        gatewayReports: (now) => parts.gatewayReports?.(now) ?? [],
        redecodes: (codec) => parts.redecodes?.(codec) ?? [],
        codecs: await parts.codecTries(),
        commandQueued: () => parts.commands?.wake(),
        ...(parts.networkServers && { networkServers: parts.networkServers }),
        ...(parts.sources && { sources: parts.sources }),
        metricsOfThreads: () => platform.metrics(),
        readiness: () => platform.readiness(),
      });
      const { host, port } = await api.listen();
      cleanup.add('api', () => api.close());
      parts.started.http = `http://${inUrl(host)}:${port}`;
      if (!config.adminToken) parts.started.login = api.loginLink();
    },
  },

  ingest: {
    thread: 'door',
    async start(parts) {
      const { createIngest } = await import('./stages/ingest/ingest.ts');
      const { config, ops, cleanup } = parts;
      const log = await parts.log();
      const registry = await parts.registry();
      const clock = new ReceiptClock({
        notBefore: await newestReceipt(log),
        onStep: (ms) =>
          ops.alerts.raise('clock-step', `the clock of this machine was set by ${Math.round(ms / 1000)} s`),
      });
      const ingest = await createIngest({
        log,
        directory: await parts.directory(),
        config: {
          host: config.host,
          mqttPort: config.mqttPort,
          mqttsPort: config.mqttsPort,
          tls: config.tls,
          logMaxBytes: config.logMaxBytes,
          limits: { deviceRate: config.deviceRate },
        },
        ops,
        clock,
        credentialUsed: (device, hash, at) => registry.devices.credentialUsed(device, hash, at),
        audit(line) {
          registry.audit
            .add([{ ...line, id: randomUUID() }])
            .catch((err: unknown) => ops.logger.error({ err, line }, 'audit line not written'));
        },
        failed: (error) => parts.failed('log', error),
      });
      parts.serve('door', ingest.door);
      const { mqtt } = await ingest.start();
      cleanup.add('ingest', () => ingest.stop());
      if (mqtt) parts.started.mqtt = `mqtt://${inUrl(mqtt.host)}:${mqtt.port}`;
    },
  },
} as const satisfies Record<string, RoleEntry>;

export type Role = keyof typeof ROLES;
const ALL = Object.keys(ROLES) as Role[];

/** @throws ConfigError for a name that is none, and for a part of the roles: the embedded engines belong to one process. */
export function readRoles(text: string): Role[] {
  if (text === 'all') return ALL;
  const named = text.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !(ALL as string[]).includes(name));
  if (unknown !== undefined)
    throw new ConfigError(`--roles: there is no role ${unknown}; give all, or ${ALL.join(', ')}`);
  const missing = ALL.filter((role) => !named.includes(role));
  if (missing.length > 0) {
    throw new ConfigError(
      `--roles: ${missing.join(', ')} missing; SANSEVAERK_LOG_URL=lmdb: and SANSEVAERK_REGISTRY_URL=sqlite: belong to one process that runs all roles`,
    );
  }
  return ALL;
}

/** Receipt time of the newest record there is, epoch ms: time does not go back behind it, whatever the clock says. */
async function newestReceipt(log: Awaited<ReturnType<Parts['log']>>): Promise<number> {
  const end = await log.end('uplinks');
  if (end.seq === 1) return 0;
  const [newest] = await log.read('uplinks', { seq: end.seq - 1, offset: end.offset }, 1);
  return newest?.at ?? 0;
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
