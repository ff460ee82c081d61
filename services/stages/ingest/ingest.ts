/**
 * Ingest: everything that comes in becomes durable here, and is acknowledged only then. Runs on the main thread.
 *
 *   MQTT ──▶ framed connection ──▶ aedes ──▶ authorizePublish ─┐
 *   MQTTS ─▶        (sizes, shapes, rates, turns)              ├─▶ group append ──▶ log `uplinks`
 *   HTTP ──▶ acceptHttp, acceptImport (from the api thread) ───┘
 */
import { setTimeout as after } from 'node:timers/promises';
import type { Directory } from '../../model/directory.ts';
import type { Log } from '../../model/log.ts';
import { DOORS } from '../../model/uplink.ts';
import type { Ops } from '../../ops/ops.ts';
import type { ReceiptClock } from '../../pipeline/clock.ts';
import { AcceptedCounts, INGEST, readAccepted } from './accepted.ts';
import { type AuditLine, Breaches } from './breaches.ts';
import { GroupAppend } from './group-append.ts';
import { HttpDoor, type IngestDoor } from './http-door.ts';
import { createIngestMetrics } from './ingest-metrics.ts';
import { DEFAULT_LIMITS, type IngestLimits } from './limits.ts';
import { type Listener, listen, type TlsSettings } from './listener.ts';
import { LoginLimiter } from './login-limiter.ts';
import { MqttDoor } from './mqtt-door.ts';
import { pressure } from './pressure.ts';
import { Qos2 } from './qos2.ts';
import { ReadGate } from './read-gate.ts';
import { type CredentialUsed, Secrets } from './secrets.ts';
import { DeviceRates } from './token-bucket.ts';

const BOOT = 'boot';
/** Connections of one start of the process; start number times this is the first of them. */
const CONNECTIONS_PER_BOOT = 2 ** 32;
/** A commit that takes this long is told as a platform alert, ms. */
const COMMIT_SLOW_MS = 10_000;
/** Changes of the directory come in bursts, and each makes us look at every connection: once for all within this, ms. */
const REVIEW_MS = 100;

export interface IngestConfig {
  host: string;
  mqttPort: number | 'off';
  mqttsPort: number | 'off';
  tls?: TlsSettings | undefined;
  /** The log's limit, bytes. */
  logMaxBytes: number;
  /** What differs from DEFAULT_LIMITS. */
  limits?: Partial<IngestLimits>;
}

export interface IngestOptions {
  log: Log;
  directory: Directory;
  config: IngestConfig;
  ops: Ops;
  clock: Pick<ReceiptClock, 'now'>;
  /** The present secret of a device was used for the first time. Called again after it failed. */
  credentialUsed: CredentialUsed;
  /** At most a few lines a second. Must not throw and not block. */
  audit(line: AuditLine): void;
  /** The log failed for good: the process must end. */
  failed(error: Error): void;
}

export interface Ingest {
  /** Opens the ports; gives where it listens. */
  start(): Promise<{ mqtt?: { host: string; port: number }; mqtts?: { host: string; port: number } }>;
  /** Takes nothing new, makes durable and acknowledges what was accepted, closes all connections. */
  stop(): Promise<void>;
  /** For `serve` towards the api thread. */
  door: IngestDoor;
  /** Accepted and durable uplinks per owner. */
  accepted(): ReadonlyMap<string, number>;
  /** How it stands at the door: connections, those that have not completed CONNECT, those waiting to be read. */
  connections(): { open: number; halfOpen: number; waiting: number; waitingBytes: number };
  /** What readyz says: nothing when uplinks are taken, else why not. */
  trouble(): string | undefined;
}

export async function createIngest(options: IngestOptions): Promise<Ingest> {
  const { log, directory, config, ops, clock } = options;
  const limits = { ...DEFAULT_LIMITS, ...config.limits };
  const metrics = createIngestMetrics(ops.metrics);
  const boot = await nextBoot(log);
  let connections = 0;
  const nextConnection = (): number => boot * CONNECTIONS_PER_BOOT + ++connections;
  const now = (): number => clock.now();

  const counts = new AcceptedCounts(readAccepted(await log.state(INGEST, 0)));
  const gate = new ReadGate({ limit: limits.waitingBytes, waitingBytes: () => group.waitingBytes });
  const group = new GroupAppend({
    log,
    clock,
    counts,
    committed: ({ records, doors, ms }) => {
      for (const door of DOORS) if (doors[door] > 0) metrics.accepted.inc({ door }, doors[door]);
      if (records > 0) {
        metrics.groupRecords.observe(records);
        metrics.commitSeconds.observe(ms / 1000);
      }
      gate.turn();
    },
    failed: options.failed,
  });
  const qos2 = new Qos2({ group, perDevice: limits.qos2PerDevice, maxAgeMs: limits.qos2Ms, now });
  qos2.restore(await log.state(INGEST, 0, 'qos2/'));
  const breaches = new Breaches({ audit: options.audit, metrics, now });
  const secrets = new Secrets({
    directory,
    limiter: new LoginLimiter(),
    credentialUsed: options.credentialUsed,
    now,
    deadlineMs: limits.authenticateMs,
  });
  const rates = new DeviceRates(limits.deviceRate, () => performance.now());
  const shared = { limits, directory, secrets, rates, group, gate, breaches, nextConnection };
  const mqtt = new MqttDoor({ ...shared, qos2, ops });
  const http = new HttpDoor({ ...shared, command: (device, payload) => mqtt.command(device, payload) });

  const listeners: Listener[] = [];
  const timers: NodeJS.Timeout[] = [];
  let forgetDirectory = (): void => {};
  let reviewTimer: NodeJS.Timeout | undefined;
  let stopping = false;

  const open = async (port: number, tls?: TlsSettings): Promise<{ host: string; port: number }> => {
    const listener = await listen({
      host: config.host,
      port,
      tls,
      handshakeMs: limits.connectMs,
      reserve: (address) => mqtt.reserve(address),
      accept: (socket, release) => mqtt.accept(socket, release),
      tlsFailed: (address) => breaches.report({ reason: 'tls-handshake', actor: address }),
    });
    listeners.push(listener);
    return { host: listener.host, port: listener.port };
  };

  const watch = async (): Promise<void> => {
    const { mode, detail } = pressure(await log.stats(), gate.mode, config.logMaxBytes);
    if (stopping) return;
    if (mode === 'closed') ops.alerts.raise('ingest-stopped', `nothing is accepted: ${detail ?? ''}`);
    else ops.alerts.clear('ingest-stopped');
    if (mode !== gate.mode) ops.logger.warn({ from: gate.mode, to: mode, detail }, 'ingest: back-pressure');
    gate.setMode(mode);
  };

  const review = (): void => {
    reviewTimer = undefined;
    secrets.settle();
    mqtt.review();
  };

  const everySecond = (): void => {
    mqtt.sweep();
    rates.sweep((device) => mqtt.has(device));
    metrics.connections.set({ state: 'open' }, mqtt.connections - mqtt.halfOpen);
    metrics.connections.set({ state: 'half-open' }, mqtt.halfOpen);
    metrics.paused.set(gate.size);
    metrics.waiting.set(group.waitingBytes);
    if (group.commitAge > COMMIT_SLOW_MS) ops.alerts.raise('log-slow', 'a commit has taken more than 10 s');
    else ops.alerts.clear('log-slow');
  };

  const stop = async (): Promise<void> => {
    stopping = true;
    for (const timer of timers) clearInterval(timer);
    forgetDirectory();
    clearTimeout(reviewTimer);
    const closed = Promise.all(listeners.map((l) => l.close()));
    gate.setMode('closed');
    const deadline = new AbortController();
    const late = after(limits.stopMs, 'late' as const, { signal: deadline.signal }).catch(() => 'late' as const);
    // Acks of the last group are written in the turn after its commit, before the sockets are closed.
    const orderly = group
      .settled()
      .then(() => new Promise(setImmediate))
      .then(() => mqtt.close())
      .then(() => group.settled())
      .then(() => closed);
    const result = await Promise.race([orderly, late]);
    deadline.abort();
    if (result === 'late') ops.logger.error('ingest: did not stop in time');
  };

  return {
    door: http,
    accepted: () => counts.durable,
    connections: () => ({
      open: mqtt.connections - mqtt.halfOpen,
      halfOpen: mqtt.halfOpen,
      waiting: gate.size,
      waitingBytes: group.waitingBytes,
    }),
    trouble: () => (gate.mode === 'closed' ? 'the disk or the log is nearly full' : undefined),

    async start() {
      await mqtt.open();
      await watch();
      forgetDirectory = directory.onChange(() => {
        reviewTimer ??= setTimeout(review, REVIEW_MS);
      });
      timers.push(
        setInterval(() => {
          if (gate.mode !== 'closed') group.tick();
        }, limits.tickMs),
        setInterval(everySecond, 1_000),
        setInterval(() => {
          watch().catch((err: unknown) => ops.logger.error({ err }, 'ingest: unable to ask for the state of the log'));
        }, limits.pressureMs),
      );
      group.tick(); // what was before is over: readers of the stream see that we are here again
      const { mqttPort, mqttsPort, tls } = config;
      try {
        return {
          ...(mqttPort === 'off' ? {} : { mqtt: await open(mqttPort) }),
          ...(mqttsPort === 'off' || !tls ? {} : { mqtts: await open(mqttsPort, tls) }),
        };
      } catch (error) {
        await stop(); // a port that is taken must not leave the other one open
        throw error;
      }
    },

    stop,
  };
}

/** How often this installation was started, counted durably: makes connection numbers unique for its whole life. */
async function nextBoot(log: Log): Promise<number> {
  const stored = (await log.state(INGEST, 0, BOOT)).get(BOOT);
  const value = Buffer.alloc(8);
  const boot = (stored ? Buffer.from(stored.buffer, stored.byteOffset, 8).readDoubleLE() : 0) + 1;
  value.writeDoubleLE(boot);
  const state = new Map([[BOOT, value]]);
  await log.commit({ stage: INGEST, partition: 0, upTo: {}, outputs: [], state });
  return boot;
}
