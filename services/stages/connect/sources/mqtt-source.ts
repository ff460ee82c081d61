/**
 * A foreign broker that is listened to: many devices on one connection, each message acknowledged when it is on disk.
 *
 *   broker ──▶ waiting (bounded) ──▶ mapping ──▶ door (durable) ──▶ acknowledge, in the order they came
 */
import { isPublicAddress } from '../../../knowledge/access/public-address.ts';
import type { MqttSettings } from '../../../knowledge/sources/mqtt.ts';
import { readRecords } from '../../../knowledge/sources/records.ts';
import { withSecrets } from '../../../knowledge/sources/secrets.ts';
import { type TopicPattern, topicPattern } from '../../../knowledge/sources/topic-pattern.ts';
import { Rejected } from '../../../model/errors.ts';
import type { Text } from '../../../model/rule.ts';
import type { Source } from '../../../model/source.ts';
import type { Ops } from '../../../ops/ops.ts';
import { Backoff, type BackoffTimes } from '../../../pipeline/backoff.ts';
import { type Lookup, PrivateAddress, publicAddress, systemLookup } from '../../../pipeline/outgoing/public-address.ts';
import { type BrokerAddress, type BrokerConnection, type BrokerMessage, openBroker } from '../broker-connection.ts';
import { ConnectionFault, faultCodeOf } from '../connection-fault.ts';
import type { Forwarder, Prepared } from './forwarder.ts';
import type { Mapper } from './mapper.ts';
import { type SourceStatus, unusableText } from './source-status.ts';

export interface MqttSourceParts {
  source: Source;
  settings: MqttSettings;
  mapper: Pick<Mapper, 'map'>;
  forwarder: Forwarder;
  status: SourceStatus;
  ops: Ops;
  allowPrivateTargets: boolean;
  lookup?: Lookup;
  backoff?: BackoffTimes;
}

const BATCH = 200;
/** Above these the connection is not read any further. */
const MOST_WAITING = 1000;
const MOST_WAITING_BYTES = 8 * 1024 * 1024;
/** A connection that stood so long begins again with short rests. */
const HELD_MS = 30_000;

export class MqttSource {
  #o: MqttSourceParts;
  #patterns: TopicPattern[];
  #stopping = new AbortController();
  #connection: BrokerConnection | undefined;
  #waiting: BrokerMessage[] = [];
  #bytes = 0;
  #room: PromiseWithResolvers<void> | undefined;
  #draining: Promise<void> | undefined;
  #running: Promise<void>;

  constructor(parts: MqttSourceParts) {
    this.#o = parts;
    this.#patterns = parts.settings.topics.map(topicPattern);
    this.#running = this.#run();
  }

  /** `leave`: it is not to be listened to any more, so the broker keeps nothing for us either. */
  async stop({ leave }: { leave: boolean }): Promise<void> {
    const connection = this.#connection;
    if (leave) await connection?.unsubscribe(this.#patterns.map((p) => p.filter)).catch(() => {});
    this.#stopping.abort();
    await this.#draining;
    await connection?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { status, ops, source } = this.#o;
    const { signal } = this.#stopping;
    const backoff = new Backoff(this.#o.backoff ?? { firstMs: 1000, mostMs: 60_000 });
    while (!signal.aborted) {
      const fault = await this.#connect(backoff);
      if (signal.aborted) return;
      status.failed(fault.text);
      ops.logger.info({ source: source.id, fault: fault.code, err: fault.cause }, 'source: no connection');
      await backoff.wait(signal);
    }
  }

  /** Resolves when the connection is gone, or could not be made. */
  async #connect(backoff: Backoff): Promise<ConnectionFault> {
    const { source, settings, status } = this.#o;
    const { signal } = this.#stopping;
    const end = () => void this.#connection?.end();
    try {
      const { username, password, ca, clientId = `sansevaerk-${source.id}`, qos } = settings;
      const connection = openBroker({
        address: await this.#address(),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password: withSecrets(password, source.secrets) }),
        ...(ca !== undefined && { ca }),
        clientId,
        clean: qos === 0,
        filters: this.#patterns.map((p) => p.filter),
        qos: qos === 0 ? 0 : 1,
        onMessage: (message) => this.#take(message),
      });
      this.#connection = connection;
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      await connection.subscribed;
      status.connected();
      const since = performance.now();
      const fault = await connection.gone;
      if (performance.now() - since > HELD_MS) backoff.reset();
      return fault;
    } catch (error) {
      if (error instanceof ConnectionFault) return error;
      return new ConnectionFault(faultCodeOf(error) ?? 'unreachable', { cause: error });
    } finally {
      signal.removeEventListener('abort', end);
      this.#connection = undefined;
    }
  }

  async #address(): Promise<BrokerAddress> {
    const { settings, allowPrivateTargets, lookup = systemLookup } = this.#o;
    const url = new URL(settings.url);
    const tls = url.protocol === 'mqtts:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? (tls ? 8883 : 1883) : Number(url.port);
    if (allowPrivateTargets) return { tls, host, port };
    try {
      const address = await publicAddress(host, lookup, isPublicAddress);
      return { tls, host: address, port, ...(address !== host && { servername: host }) };
    } catch (error) {
      throw error instanceof PrivateAddress ? new ConnectionFault('private-address', { cause: error }) : error;
    }
  }

  #take(message: BrokerMessage): Promise<void> | undefined {
    this.#waiting.push(message);
    this.#bytes += message.payload.byteLength;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    if (this.#hasRoom()) return undefined;
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  #hasRoom(): boolean {
    return this.#waiting.length < MOST_WAITING && this.#bytes < MOST_WAITING_BYTES;
  }

  async #drain(): Promise<void> {
    await Promise.resolve(); // what the same packet of the network brought goes along
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      const group = this.#waiting.splice(0, BATCH);
      for (const message of group) this.#bytes -= message.payload.byteLength;
      await this.#handle(group);
      if (this.#room && this.#hasRoom()) {
        this.#room.resolve();
        this.#room = undefined;
      }
    }
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** Until all of them are durable, or their connection has gone: then those with QoS 1 come again. */
  async #handle(group: readonly BrokerMessage[]): Promise<void> {
    const { forwarder, status, source, ops } = this.#o;
    const { signal } = this.#stopping;
    const backoff = new Backoff({ firstMs: 100, mostMs: 5000 });
    let wanted = group;
    while (!signal.aborted) {
      wanted = wanted.filter((m) => m.qos === 0 || m.isOpen());
      if (wanted.length === 0) return;
      try {
        const made: (Prepared & { unusable: number; problems: string[] })[] = [];
        for (const message of wanted) made.push(await this.#prepare(message));
        await forwarder.send(made.flatMap((m) => m.uplinks));
        for (const [i, message] of wanted.entries()) {
          message.acknowledge();
          status.took(made[i]!); // one a message
        }
        this.#tell(made);
        return;
      } catch (error) {
        if (error instanceof Rejected) return await this.#oneByOne(wanted, error);
        if (backoff.attempts === 0) ops.logger.warn({ source: source.id, err: error }, 'source: nothing is taken now');
        await backoff.wait(signal);
      }
    }
  }

  /** One of them is at fault: the others must not wait for it, and it must not come again for ever. */
  async #oneByOne(group: readonly BrokerMessage[], error: Rejected): Promise<void> {
    const { status, ops, source } = this.#o;
    const [only] = group;
    if (group.length > 1) for (const message of group) await this.#handle([message]);
    else if (only) {
      const { topic, payload } = only;
      const bytes = payload.byteLength;
      ops.logger.warn({ source: source.id, topic, bytes, why: error.message }, 'source: a message is never taken');
      status.took({ records: 0, unusable: 1, unknown: 0 });
      status.connected(unusableText(1, [`${topic}: ${error.message}`]));
      only.acknowledge();
    }
  }

  #tell(made: readonly { unusable: number; problems: string[] }[]): void {
    const unusable = made.reduce((sum, m) => sum + m.unusable, 0);
    const detail: Text | undefined = unusableText(
      unusable,
      made.flatMap((m) => m.problems),
    );
    if (detail) this.#o.status.connected(detail);
  }

  async #prepare(message: BrokerMessage): Promise<Prepared & { unusable: number; problems: string[] }> {
    const { settings, forwarder, mapper } = this.#o;
    const { topic, payload, retained } = message;
    const parts = this.#patterns.map((p) => p.match(topic)).find((found) => found !== undefined);
    const nothing = { uplinks: [], records: 0, unknown: 0, tooLarge: [], unusable: 0, problems: [] };
    if (!parts) return nothing; // of a filter that is not ours any more
    const { device } = parts;
    if (settings.payload !== 'mapped') {
      // A retained message may be of any age: without a time it says nothing about now.
      if (retained && !(settings.payload === 'json' && statesTimes(payload))) return nothing;
      return { ...(await forwarder.prepareRaw(device ?? topic, payload)), unusable: 0, problems: [] };
    }
    try {
      const { records: mapped } = await mapper.map({
        expressions: { records: settings.records ?? '$' },
        input: Buffer.from(payload).toString(),
        bindings: { topic: parts },
      });
      const read = readRecords(mapped, { device, needsTime: retained });
      const prepared = await forwarder.prepare(read.records);
      const problems = [...read.problems, ...prepared.tooLarge.map((id) => `${id}: a record is too large`)];
      return { ...prepared, unusable: retained ? 0 : read.unusable + prepared.tooLarge.length, problems };
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return {
        ...forwarder.prepareLost(device ?? topic, payload),
        unusable: 1,
        problems: [`${topic}: ${error.message}`],
      };
    }
  }
}

function statesTimes(payload: Uint8Array): boolean {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload).toString());
    const items = Array.isArray(parsed) ? parsed : [parsed];
    return items.every((item) => typeof item === 'object' && item !== null && 'time' in item);
  } catch {
    return false;
  }
}
