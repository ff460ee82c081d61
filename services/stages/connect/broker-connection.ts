/**
 * One connection to somebody else's MQTT broker, from CONNECT until it is gone. What it brings is acknowledged by whoever
 * has made it durable, not by MQTT.js, and it reads no further while there is no room. It does not come back by itself:
 * whoever opened it decides when the next one is tried.
 */
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { Unavailable } from '../../model/errors.ts';
import { ConnectionFault, faultCodeOf } from './connection-fault.ts';

export interface BrokerAddress {
  tls: boolean;
  /** A name or an address, IPv6 without brackets. */
  host: string;
  port: number;
  /** The name in the certificate, where `host` is the address it stands for. */
  servername?: string;
}

export interface BrokerConnectionOptions {
  address: BrokerAddress;
  username?: string;
  password?: string;
  /** PEM of the authority to trust instead of the public ones. */
  ca?: string;
  clientId: string;
  /** `false`: the broker keeps what comes while we are away ([MQTT-3.1.2-4]). */
  clean: boolean;
  filters: readonly string[];
  qos: 0 | 1;
  /** The promise, where one is given, says when there is room for more. */
  onMessage(message: BrokerMessage): Promise<void> | undefined;
  times?: Partial<BrokerTimes>;
}

export interface BrokerTimes {
  /** From the first byte to CONNACK, and from SUBSCRIBE to SUBACK. */
  connectMs: number;
  /** A peer that is silent for one and a half of it is gone. */
  keepaliveS: number;
  publishMs: number;
  endMs: number;
}

const TIMES: BrokerTimes = { connectMs: 10_000, keepaliveS: 15, publishMs: 10_000, endMs: 2_000 };

export interface BrokerMessage {
  topic: string;
  /** A copy of its own: what the network brought is one buffer for many messages. */
  payload: Uint8Array<ArrayBuffer>;
  /** With QoS 0 it comes once or never. */
  qos: 0 | 1 | 2;
  retained: boolean;
  /** Whether the connection it came on still stands; with QoS 1 it comes again on the next one. */
  isOpen(): boolean;
  /** At most once, and in the order the messages came. Does nothing when the connection has gone. */
  acknowledge(): void;
}

export interface BrokerConnection {
  /** Rejects with a ConnectionFault. */
  readonly subscribed: Promise<void>;
  /** Resolves when it is gone, with why; never rejects. */
  readonly gone: Promise<ConnectionFault>;
  /** Resolves with the broker's PUBACK. @throws Unavailable when it has gone, or does not answer in time. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  /** The broker keeps nothing for us under these any more. */
  unsubscribe(filters: readonly string[]): Promise<void>;
  /** With DISCONNECT where there is still somebody to say it to. */
  end(): Promise<void>;
}

export function openBroker(options: BrokerConnectionOptions): BrokerConnection {
  const { filters, qos } = options;
  const times = { ...TIMES, ...options.times };
  const client = connect(clientOptions(options, times));
  const gone = Promise.withResolvers<ConnectionFault>();
  const lose = (error: unknown): void => {
    const fault =
      error instanceof ConnectionFault
        ? error
        : new ConnectionFault(faultCodeOf(error) ?? 'lost', error === undefined ? {} : { cause: error });
    gone.resolve(fault);
    client.end(true);
  };
  client.on('error', lose);
  client.on('close', () => lose(undefined));
  client.handleMessage = (packet, next) => {
    const room = options.onMessage(messageOf(client, packet, next));
    if (packet.qos === 2) return; // its acknowledgement is `next`
    // An error keeps MQTT.js from acknowledging it now (handlers/publish.js); it goes on to the next one all the same.
    const later = packet.qos === 1 ? new Error('acknowledged when it is durable') : undefined;
    if (room === undefined) next(later);
    else void room.then(() => next(later));
  };
  const subscribed = subscribe(client, { filters, qos, ms: times.connectMs, gone: gone.promise });
  subscribed.catch(lose);

  const orGone = async <T>(work: Promise<T>, ms: number, what: string): Promise<T> =>
    await Promise.race([
      work,
      gone.promise.then((fault) => {
        throw new Unavailable(`${what}: ${fault.message}`, { cause: fault });
      }),
      late(ms, () => new Unavailable(`${what}: no answer within ${ms} ms`)),
    ]);
  return {
    subscribed,
    gone: gone.promise,
    async publish(topic, payload) {
      await orGone(
        client.publishAsync(topic, Buffer.from(payload), { qos }),
        times.publishMs,
        `publishing to ${topic}`,
      );
    },
    async unsubscribe(given) {
      if (client.connected && given.length > 0)
        await orGone(client.unsubscribeAsync([...given]), times.endMs, 'unsubscribing');
    },
    async end() {
      await Promise.race([client.endAsync(false), late(times.endMs)]).catch(() => {});
      lose(undefined);
    },
  };
}

function clientOptions(options: BrokerConnectionOptions, times: BrokerTimes): IClientOptions {
  const { address, username, password, ca, clientId, clean } = options;
  return {
    protocol: address.tls ? 'mqtts' : 'mqtt',
    host: address.host,
    port: address.port,
    ...(address.servername !== undefined && { servername: address.servername }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: true,
    protocolVersion: 4, // MQTT 3.1.1: what The Things Stack and every broker speaks
    clientId,
    clean,
    keepalive: times.keepaliveS,
    connectTimeout: times.connectMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
}

interface Subscription {
  filters: readonly string[];
  qos: 0 | 1;
  ms: number;
  gone: Promise<ConnectionFault>;
}

/** Also into a session that the broker kept: the filters may be others by now, and asking again for the same changes nothing. */
async function subscribe(client: MqttClient, { filters, qos, ms, gone }: Subscription): Promise<void> {
  const lost = gone.then((fault) => {
    throw fault;
  });
  await Promise.race([new Promise((resolve) => client.once('connect', resolve)), lost]);
  await Promise.race([
    client.subscribeAsync([...filters], { qos }).catch((cause: unknown) => {
      throw new ConnectionFault(isRefusal(cause) ? 'subscription-refused' : 'lost', { cause });
    }),
    lost,
    late(ms, () => new ConnectionFault('no-answer')),
  ]);
}

/** MQTT.js gives the SUBACK with its error (shared.js, ErrorWithSubackPacket); without one the connection was lost first. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'packet' in error && error.packet !== undefined;
}

type Packet = Parameters<MqttClient['handleMessage']>[0];

function messageOf(
  client: MqttClient,
  { topic, payload, qos, messageId, retain }: Packet,
  next: () => void,
): BrokerMessage {
  const { stream } = client;
  return {
    topic,
    payload: new Uint8Array(typeof payload === 'string' ? Buffer.from(payload) : payload),
    qos,
    retained: retain,
    isOpen: () => !stream.destroyed,
    acknowledge() {
      if (qos === 2) next();
      // PUBACK, MQTT 3.1.1 section 3.4; on this very connection, where its packet id means this message.
      else if (qos === 1 && messageId !== undefined && !stream.destroyed)
        stream.write(Buffer.of(0x40, 2, messageId >> 8, messageId & 255));
    },
  };
}

/** Rejects after `ms`; without `error` it resolves. Never keeps the process alive. */
function late(ms: number, error?: () => Error): Promise<never> {
  return new Promise((resolve, reject) => {
    setTimeout(() => (error ? reject(error()) : resolve(undefined as never)), ms).unref();
  });
}
