/** The sources of readings outside: runs each that is registered and enabled, and answers for them. */
import { isPublicAddress } from '../../../knowledge/access/public-address.ts';
import type { HttpPullSettings } from '../../../knowledge/sources/http-pull.ts';
import type { HttpPushSettings } from '../../../knowledge/sources/http-push.ts';
import type { DeviceSettings } from '../../../knowledge/sources/mapping.ts';
import type { MqttSettings } from '../../../knowledge/sources/mqtt.ts';
import type { Directory } from '../../../model/directory.ts';
import { Rejected } from '../../../model/errors.ts';
import { etagOf } from '../../../model/etag.ts';
import type { Log } from '../../../model/log.ts';
import type { Registry } from '../../../model/registry.ts';
import type { Source } from '../../../model/source.ts';
import type { SourceRunner, SourceState } from '../../../model/source-runner.ts';
import type { Ops } from '../../../ops/ops.ts';
import type { BackoffTimes } from '../../../pipeline/backoff.ts';
import type { ProxySettings } from '../../../pipeline/outgoing/proxy.ts';
import type { Lookup } from '../../../pipeline/outgoing/public-address.ts';
import { createOutgoing, type Outgoing } from '../../../pipeline/outgoing/request.ts';
import { Authenticator } from './authentication.ts';
import type { FetchParts } from './fetch-page.ts';
import { type ForwardDoor, Forwarder } from './forwarder.ts';
import { Mapper } from './mapper.ts';
import { MqttSource } from './mqtt-source.ts';
import { Positions } from './positions.ts';
import { PULL_TIMES, PullSource, type PullTimes } from './pull-source.ts';
import { push, takesToken } from './push.ts';
import { Slots } from './slots.ts';
import { type SourceMetrics, SourceStatus, sourceMetrics } from './source-status.ts';
import { testSource } from './test-source.ts';

export interface SourcesOptions {
  registry: Pick<Registry, 'sources'>;
  directory: Directory;
  door: ForwardDoor;
  log: Pick<Log, 'commit' | 'state'>;
  ops: Ops;
  proxy?: ProxySettings;
  /** For development: what is asked runs beside us. */
  allowPrivateTargets: boolean;
  lookup?: Lookup;
  /** Epoch ms. */
  now?: () => number;
  random?: () => number;
  times?: Partial<PullTimes> & { reloadMs?: number; awayMs?: number; broker?: BackoffTimes };
}

export interface Sources extends SourceRunner {
  start(): Promise<void>;
  /** Resolves when nothing is under way any more; what was interrupted is fetched or delivered again. */
  stop(): Promise<void>;
  states(): Record<string, SourceState>;
}

interface Running {
  source: Source;
  etag: string;
  status: SourceStatus;
  forwarder: Forwarder;
  runNow?: () => void;
  /** `leave`: it is not to be listened to any more. */
  stop(leave: boolean): Promise<void>;
}

/** Sources are few and change seldom; whoever changes one says so, and this is for the day he cannot. */
const RELOAD_MS = 30_000;
/** A connection that is lost is missed at once; a vendor may be away for a while and give everything afterwards. */
const AWAY_MS = { mqtt: 60_000, 'http-pull': 900_000, 'http-push': 900_000 } as const;
/** Runs of all sources together: each holds an answer in memory. */
const RUNS_AT_ONCE = 8;
const PAGE = 500;

export function createSources(options: SourcesOptions): Sources {
  return new RunningSources(options);
}

class RunningSources implements Sources {
  #o: SourcesOptions;
  #now: () => number;
  #mapper = new Mapper();
  #slots = new Slots(RUNS_AT_ONCE);
  #positions: Positions;
  #send: Outgoing;
  #metrics: SourceMetrics;
  #running = new Map<string, Running>();
  #reloading: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopping = new AbortController();

  constructor(options: SourcesOptions) {
    this.#o = options;
    this.#now = options.now ?? Date.now;
    this.#positions = new Positions(options.log);
    this.#metrics = sourceMetrics(options.ops);
    const { allowPrivateTargets, proxy, lookup } = options;
    this.#send = createOutgoing({ allowPrivateTargets, isPublic: isPublicAddress, proxy, resolve: lookup });
  }

  async start(): Promise<void> {
    await this.#reload();
    this.#timer = setInterval(() => void this.#reload(), this.#o.times?.reloadMs ?? RELOAD_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#reloading;
    await Promise.all([...this.#running.values()].map((running) => running.stop(false)));
    this.#running.clear();
    await this.#mapper.close();
  }

  states(): Record<string, SourceState> {
    return Object.fromEntries([...this.#running].map(([id, { status }]) => [id, status.show()]));
  }

  state(id: string): SourceState | undefined {
    return this.#running.get(id)?.status.show();
  }

  async changed(): Promise<void> {
    await this.#reload();
  }

  run(id: string): boolean {
    const runNow = this.#running.get(id)?.runNow;
    runNow?.();
    return runNow !== undefined;
  }

  async test(source: Source, what: { sample?: string; topic?: string }) {
    const forwarder = this.#forwarder(source);
    return await testSource({ source, mapper: this.#mapper, forwarder, fetching: this.#fetching(source) }, what);
  }

  async push(id: string, { token, ...message }: { token: string; body: Uint8Array; idempotencyKey?: string }) {
    const running = this.#running.get(id);
    // One answer for all: whoever tries names learns nothing.
    if (!running || !takesToken(running.source, token))
      throw new Rejected('unauthenticated', 'source or token are not right');
    const { source, status, forwarder } = running;
    const settings = source.settings as HttpPushSettings; // checked when it was stored
    return await push({ source, settings, mapper: this.#mapper, forwarder, status }, message);
  }

  /** One after the other: two at once would start a source twice. */
  #reload(): Promise<void> {
    this.#reloading = this.#reloading.then(async () => {
      try {
        if (!this.#stopping.signal.aborted) await this.#follow(await this.#registered());
        this.#o.ops.alerts.clear('sources');
      } catch (error) {
        this.#o.ops.alerts.raise('sources', `the sources cannot be read or started: ${String(error)}`);
      }
    });
    return this.#reloading;
  }

  async #registered(): Promise<Source[]> {
    const found: Source[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#o.registry.sources.list({}, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
      found.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    return found;
  }

  async #follow(sources: readonly Source[]): Promise<void> {
    const ids = new Set(sources.map(({ id }) => id));
    for (const [id, running] of this.#running) {
      if (ids.has(id)) continue;
      await this.#end(running, true);
      await this.#positions.remove(id);
    }
    for (const source of sources) {
      const former = this.#running.get(source.id);
      const etag = etagOf(source);
      if (former?.etag === etag) continue;
      if (former) await this.#end(former, leaves(former.source, source));
      this.#running.set(source.id, this.#begin(source, etag));
    }
  }

  async #end(running: Running, leave: boolean): Promise<void> {
    this.#running.delete(running.source.id);
    await running.stop(leave);
    running.status.close();
  }

  #begin(source: Source, etag: string): Running {
    const { id, enabled } = source;
    const { ops, allowPrivateTargets, lookup, times = {}, random = Math.random } = this.#o;
    const awayMs = times.awayMs ?? AWAY_MS[source.kind];
    const status = new SourceStatus({ id, enabled, ops, awayMs, metrics: this.#metrics, now: this.#now });
    const forwarder = this.#forwarder(source);
    const running = { source, etag, status, forwarder, stop: async () => {} };
    if (!enabled) return running;
    const shared = { mapper: this.#mapper, forwarder, status, ops };
    switch (source.kind) {
      case 'http-push':
        return running; // whoever pushes comes to us
      case 'http-pull': {
        const settings = source.settings as HttpPullSettings; // checked when it was stored
        const fetching = this.#fetching(source);
        const pull = new PullSource({
          ...shared,
          ...fetching,
          id,
          etag,
          settings,
          positions: this.#positions,
          slots: this.#slots,
          times: { ...PULL_TIMES, ...times },
          random,
        });
        return { ...running, runNow: () => pull.runNow(), stop: () => pull.stop() };
      }
      case 'mqtt': {
        const settings = source.settings as MqttSettings; // checked when it was stored
        const mqtt = new MqttSource({
          ...shared,
          source,
          settings,
          allowPrivateTargets,
          ...(lookup && { lookup }),
          ...(times.broker && { backoff: times.broker }),
        });
        return { ...running, stop: (leave) => mqtt.stop({ leave }) };
      }
    }
  }

  #forwarder(source: Source): Forwarder {
    const settings = source.settings as unknown as DeviceSettings; // of every kind; checked when it was stored
    return new Forwarder({ source, settings, directory: this.#o.directory, door: this.#o.door });
  }

  #fetching(source: Source): FetchParts {
    const { secrets } = source;
    const authentication =
      source.kind === 'http-pull' ? (source.settings as HttpPullSettings).authentication : undefined; // checked when it was stored
    const authenticator = new Authenticator({ authentication, secrets, send: this.#send, now: this.#now });
    return { send: this.#send, authenticator, secrets, signal: this.#stopping.signal, now: this.#now };
  }
}

/** Whether the broker may forget us: another broker, another session, or none at all. A new mapping is no reason. */
function leaves(former: Source, next: Source): boolean {
  if (former.kind !== 'mqtt') return false;
  if (!next.enabled || next.kind !== 'mqtt') return true;
  const before = former.settings as MqttSettings; // checked when it was stored
  const after = next.settings as MqttSettings; // checked when it was stored
  return (
    before.url !== after.url || before.clientId !== after.clientId || String(before.topics) !== String(after.topics)
  );
}
