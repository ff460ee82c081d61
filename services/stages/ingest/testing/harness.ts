/** Ingest as it runs in the process, on a real log in a temporary folder, with the log's commits in the test's hands. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbLog } from '../../../engines/log/open-lmdb-log.ts';
import type { Block } from '../../../model/block.ts';
import { type Commit, type Log, type LogStats, START } from '../../../model/log.ts';
import { readUplinks, type Uplink } from '../../../model/uplink.ts';
import { createLogger } from '../../../ops/logger.ts';
import { createMetrics } from '../../../ops/metrics.ts';
import { PlatformAlerts } from '../../../ops/platform-alerts.ts';
import { ReceiptClock } from '../../../pipeline/clock.ts';
import type { AuditLine } from '../breaches.ts';
import { createIngest, type Ingest, type IngestConfig } from '../ingest.ts';
import type { IngestLimits } from '../limits.ts';
import { FakeRegistry } from './fake-directory.ts';
import { RawClient, type RawClientOptions } from './raw-client.ts';

const QUIET: Partial<IngestLimits> = { tickMs: 3_600_000 };

/** A log whose commits may be held back, fail, or report what they like of the disk. */
export class TestLog {
  readonly log: Log;
  /** While it stands, commits wait for it. */
  #hold: Promise<void> | undefined;
  failure: Error | undefined;
  stats: Partial<LogStats> = {};
  commits: Commit[] = [];

  constructor(inner: Log) {
    const commit = async (c: Commit): Promise<number[]> => {
      // Bodies are only good while the commit is under way.
      this.commits.push({ ...c, outputs: c.outputs.map((o) => ({ ...o, body: Buffer.from(o.body) })) });
      await this.#hold;
      if (this.failure) throw this.failure;
      return await inner.commit(c);
    };
    const stats = async (): Promise<LogStats> => ({ ...(await inner.stats()), ...this.stats });
    this.log = new Proxy(inner, {
      get: (target, key) => {
        if (key === 'commit') return commit;
        if (key === 'stats') return stats;
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Holds all commits until the function given back is called. */
  hold(): () => void {
    let release = (): void => {};
    this.#hold = new Promise((resolve) => {
      release = () => {
        this.#hold = undefined;
        resolve();
      };
    });
    return release;
  }
}

export interface HarnessOptions {
  limits?: Partial<IngestLimits>;
  config?: Partial<IngestConfig>;
}

export class Harness implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'sansevaerk-ingest-'));
  readonly registry = new FakeRegistry().device('d1').device('d2', { owner: 'viborg' });
  readonly audit: AuditLine[] = [];
  readonly used: [string, string][] = [];
  failed: Error | undefined;
  /** Replaced by tests to make the registry unreachable. */
  credentialUsed = async (device: string, hash: string): Promise<void> => {
    this.used.push([device, hash]);
  };
  metrics = createMetrics();
  alerts = new PlatformAlerts(createLogger('silent'), this.metrics);
  port = 0;
  tlsPort = 0;
  test!: TestLog; // set by start
  ingest!: Ingest; // set by start
  #log: Log | undefined;
  #options: HarnessOptions;
  #clients: RawClient[] = [];

  constructor(options: HarnessOptions) {
    this.#options = options;
  }

  static async start(options: HarnessOptions = {}): Promise<Harness> {
    const harness = new Harness(options);
    await harness.start();
    return harness;
  }

  async start(): Promise<void> {
    const logger = createLogger('silent');
    this.metrics = createMetrics();
    this.alerts = new PlatformAlerts(logger, this.metrics);
    this.#log = await openLmdbLog({ dir: join(this.dir, 'log'), logger });
    this.test = new TestLog(this.#log);
    this.ingest = await createIngest({
      log: this.test.log,
      directory: this.registry.directory,
      ops: { logger, metrics: this.metrics, alerts: this.alerts },
      clock: new ReceiptClock(),
      credentialUsed: (device, hash) => this.credentialUsed(device, hash),
      audit: (line) => this.audit.push(line),
      failed: (error) => {
        this.failed = error;
      },
      config: {
        host: '127.0.0.1',
        mqttPort: 0,
        mqttsPort: 'off',
        logMaxBytes: 20e9,
        ...this.#options.config,
        limits: { ...QUIET, ...this.#options.limits },
      },
    });
    const { mqtt, mqtts } = await this.ingest.start();
    this.port = mqtt?.port ?? 0;
    this.tlsPort = mqtts?.port ?? 0;
  }

  async stop(): Promise<void> {
    await this.ingest.stop();
    await this.#log?.close();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  client(options: Partial<RawClientOptions> = {}): RawClient {
    const client = new RawClient({ port: this.port, ...options });
    this.#clients.push(client);
    return client;
  }

  async connected(options: Parameters<RawClient['connect']>[0] = {}): Promise<RawClient> {
    const client = this.client();
    const { returnCode } = await client.connect(options);
    if (returnCode !== 0) throw new Error(`CONNACK ${returnCode}`);
    return client;
  }

  async blocks(): Promise<Block[]> {
    return (await this.#log?.read('uplinks', START, 1e9)) ?? [];
  }

  /** Everything durable in `uplinks`, with its offset. */
  async uplinks(): Promise<(Uplink & { offset: number; text: string })[]> {
    const blocks = await this.blocks();
    return blocks.flatMap((block) =>
      readUplinks(block.body, 0, block.count).map((u, i) => ({
        ...u,
        offset: block.first + i,
        text: Buffer.from(u.payload).toString(),
      })),
    );
  }

  /** A figure of `/metrics`. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const metric = await this.metrics.registry.getSingleMetric(`sansevaerk_${name}`)?.get();
    const fits = (l: Partial<Record<string, string | number>>) => Object.entries(labels).every(([k, v]) => l[k] === v);
    return metric?.values.find((v) => fits(v.labels))?.value ?? 0;
  }

  refused(reason: string): Promise<number> {
    return this.metric('ingest_refused_total', { reason });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.socket.destroy();
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
