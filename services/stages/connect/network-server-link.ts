/**
 * The link to one network server that is reached over MQTT: connects, comes back when the connection is lost, and hands on
 * what it hears.
 *
 *   try ──▶ connected ──▶ gone ──┐
 *    ▲ └──▶ failed ──────────────┤
 *    └── rest, longer each time ◀┘
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPublicAddress } from '../../knowledge/access/public-address.ts';
import type { Outage } from '../../model/alert.ts';
import type { Downlink } from '../../model/command-sender.ts';
import type { ConnectionState } from '../../model/connection-state.ts';
import { Unavailable } from '../../model/errors.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import type { ForwardedUplink } from '../../model/uplink.ts';
import type { Ops } from '../../ops/ops.ts';
import { Backoff, type BackoffTimes } from '../../pipeline/backoff.ts';
import { type Lookup, PrivateAddress, publicAddress, systemLookup } from '../../pipeline/outgoing/public-address.ts';
import { AckedQueue } from './acked-queue.ts';
import { type BrokerConnection, type BrokerMessage, type BrokerTimes, openBroker } from './broker-connection.ts';
import { commandMessage } from './command-message.ts';
import { ConnectionFault, faultCodeOf } from './connection-fault.ts';
import { filtersOf, type HowToReach, publishedEvent } from './event-message.ts';
import { type LinkMetrics, LinkState } from './link-state.ts';

export interface LinkTimes {
  backoff: BackoffTimes;
  awayMs: number;
  backMs: number;
  broker?: Partial<BrokerTimes>;
}

export interface LinkOptions {
  server: NetworkServer;
  /** Unique at the broker, and the same after a restart where the broker keeps a session for us. */
  clientId: string;
  accept(uplinks: readonly ForwardedUplink[]): Promise<void>;
  /** It has been away for too long, or is back. Must not throw. */
  outage(outage: Outage): void;
  allowPrivateTargets: boolean;
  ops: Ops;
  metrics: LinkMetrics;
  now(): number;
  times: LinkTimes;
  lookup?: Lookup;
}

const MOST_MESSAGE_BYTES = 64 * 1024;
/** How devices are reached is learnt again from their next message, so a bounded memory of it is enough. */
const MOST_REMEMBERED = 100_000;
const SETTLE_MS = 3_000;
/** A connection that is lost sooner was not lost by the network. */
const SOON_MS = 3_000;

export class NetworkServerLink {
  #o: LinkOptions;
  #state: LinkState;
  #queue: AckedQueue;
  #stopping = new AbortController();
  #connection: BrokerConnection | undefined;
  #reach = new Map<string, HowToReach>();
  #running: Promise<void>;

  constructor(options: LinkOptions) {
    this.#o = options;
    const { server, ops, metrics, now, times, accept } = options;
    const { id, name } = server;
    const outage = (state: Outage['state'], at: number) =>
      options.outage({ kind: 'outage', networkServer: id, owner: server.owner, state, at });
    this.#state = new LinkState({ id, name, ops, metrics, now, outage, awayMs: times.awayMs, backMs: times.backMs });
    this.#queue = new AckedQueue({
      accept,
      onStored: () => this.#state.stored(),
      onRefused: ({ device, payload }, error) => this.#refused(device, payload.byteLength, error.message),
      logger: ops.logger,
      signal: this.#stopping.signal,
    });
    this.#state.connecting();
    this.#running = this.#run();
  }

  state(): ConnectionState {
    return this.#state.show();
  }

  /** @throws as CommandSender.send. */
  async send(downlink: Downlink): Promise<void> {
    const { topic, payload } = commandMessage(this.#o.server, downlink, this.#reach.get(downlink.devEui));
    const connection = this.#connection;
    if (!connection || this.state().connection !== 'connected')
      throw new Unavailable(`network server ${this.#o.server.id}: no connection now`);
    await connection.publish(topic, payload);
  }

  /**
   * `leave`: it is not to be listened to any more, so the broker keeps nothing for us either. Without it, what comes until
   * the next start waits there.
   */
  async stop({ leave }: { leave: boolean }): Promise<void> {
    if (leave) await this.#connection?.unsubscribe(filtersOf(this.#o.server)).catch(() => {});
    this.#stopping.abort();
    // What is on its way to the disk is still acknowledged; if that takes too long, it comes again.
    await Promise.race([this.#queue.settled(), sleep(SETTLE_MS, undefined, { ref: false })]);
    await this.#connection?.end();
    await this.#running;
    this.#state.close();
  }

  async #run(): Promise<void> {
    const { times } = this.#o;
    const { signal } = this.#stopping;
    const backoff = new Backoff(times.backoff);
    while (!signal.aborted) {
      const fault = await this.#connect(backoff);
      if (signal.aborted) return;
      this.#state.failed(fault.text);
      this.#o.ops.logger.info(
        { server: this.#o.server.id, fault: fault.code, err: fault.cause },
        'network server: no connection',
      );
      await backoff.wait(signal);
    }
  }

  /** Resolves when the connection is gone, or could not be made. */
  async #connect(backoff: Backoff): Promise<ConnectionFault> {
    const { server, clientId, times } = this.#o;
    try {
      const address = await this.#address();
      const connection = openBroker({
        address,
        ...(server.username !== undefined && { username: server.username }),
        ...(server.password !== undefined && { password: server.password }),
        ...(server.ca !== undefined && { ca: server.ca }),
        clientId,
        ...sessionOfKind(server.kind),
        filters: filtersOf(server),
        onMessage: (message) => this.#take(message),
        ...(times.broker && { times: times.broker }),
      });
      this.#connection = connection;
      try {
        if (this.#stopping.signal.aborted) await connection.end();
        await connection.subscribed;
        this.#state.connected();
        const since = performance.now();
        const fault = await connection.gone;
        const lived = performance.now() - since;
        // Only one that held begins again with short rests.
        if (lived > times.backMs) backoff.reset();
        return fault.code === 'lost' && lived < SOON_MS ? new ConnectionFault('closed', { cause: fault }) : fault;
      } finally {
        this.#connection = undefined;
      }
    } catch (error) {
      return error instanceof ConnectionFault
        ? error
        : new ConnectionFault(faultCodeOf(error) ?? 'unreachable', { cause: error });
    }
  }

  async #address() {
    const { server, allowPrivateTargets, lookup = systemLookup } = this.#o;
    const url = new URL(server.url ?? '');
    const tls = url.protocol === 'mqtts:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? (tls ? 8883 : 1883) : Number(url.port);
    if (allowPrivateTargets || server.privateAllowed) return { tls, host, port };
    try {
      const address = await publicAddress(host, lookup, isPublicAddress);
      return { tls, host: address, port, ...(address !== host && { servername: host }) };
    } catch (error) {
      throw error instanceof PrivateAddress ? new ConnectionFault('private-address', { cause: error }) : error;
    }
  }

  #take(message: BrokerMessage): Promise<void> | undefined {
    const { server, metrics } = this.#o;
    const event = publishedEvent(server, message.topic, message.payload);
    if (!event || message.payload.byteLength > MOST_MESSAGE_BYTES) {
      if (event) this.#refused(event.uplink.device, message.payload.byteLength, 'it is too large');
      else metrics.ignored.inc({ server: server.id });
      // In its turn: behind those that are still on their way to the disk.
      return this.#queue.add({ uplink: undefined, wanted: () => true, acknowledge: () => message.acknowledge() });
    }
    if (event.reach) this.#remember(event.uplink.device, event.reach);
    return this.#queue.add({
      uplink: event.uplink,
      wanted: () => message.qos === 0 || message.isOpen(),
      acknowledge: () => message.acknowledge(),
    });
  }

  #remember(device: string, reach: HowToReach): void {
    this.#reach.delete(device);
    this.#reach.set(device, reach);
    if (this.#reach.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#reach.keys();
    if (oldest !== undefined) this.#reach.delete(oldest);
  }

  #refused(device: string, bytes: number, why: string): void {
    const { server, metrics, ops } = this.#o;
    metrics.refused.inc({ server: server.id });
    ops.logger.warn({ server: server.id, device, bytes, why }, 'network server: a message is never taken');
  }
}

/** The Things Stack has QoS 0 only and keeps no sessions (its page "MQTT Server"). */
function sessionOfKind(kind: NetworkServer['kind']): { qos: 0 | 1; clean: boolean } {
  return kind === 'tts' ? { qos: 0, clean: true } : { qos: 1, clean: false };
}
