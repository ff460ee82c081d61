/** The MQTT door: who may connect, what a device may send and hear, and the ack that waits for the disk. */
import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Client, Subscription } from 'aedes';
import type { Directory } from '../../model/directory.ts';
import { Unavailable } from '../../model/errors.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Breaches } from './breaches.ts';
import { CONNACK } from './connect-packet.ts';
import { DeviceBroker } from './device-broker.ts';
import { logIn } from './device-login.ts';
import { FramedConnection, framed, type Shared } from './framed-connection.ts';
import type { GroupAppend } from './group-append.ts';
import { HalfOpen } from './half-open.ts';
import type { IngestLimits } from './limits.ts';
import { MqttUplinks } from './mqtt-uplinks.ts';
import { Flusher } from './out-buffer.ts';
import type { Qos2 } from './qos2.ts';
import type { ReadGate } from './read-gate.ts';
import type { Secrets } from './secrets.ts';
import { commandsTopic, SessionStore } from './session-store.ts';
import type { DeviceRates } from './token-bucket.ts';

export interface MqttDoorOptions {
  limits: IngestLimits;
  directory: Directory;
  secrets: Secrets;
  rates: DeviceRates;
  group: GroupAppend;
  gate: ReadGate;
  qos2: Qos2;
  breaches: Breaches;
  ops: Ops;
  /** Unique in the installation's life. */
  nextConnection(): number;
}

export class MqttDoor {
  #o: MqttDoorOptions;
  #broker: DeviceBroker;
  #shared: Shared;
  #connections = new Set<FramedConnection>();
  /** Sessions that are connected, by device. */
  #clients = new Map<string, Set<Client>>();
  /** Connections of each device. */
  #devices = new Map<string, number>();
  #halfOpen: HalfOpen;
  #uplinks: MqttUplinks;

  constructor(options: MqttDoorOptions) {
    this.#o = options;
    const { limits, gate, qos2, breaches, ops } = options;
    this.#uplinks = new MqttUplinks(options);
    this.#halfOpen = new HalfOpen(limits.halfOpen, limits.halfOpenPerAddress);
    this.#shared = {
      limits,
      gate,
      flusher: new Flusher(),
      takePublish: (connection, bytes, at, from, to) => this.#uplinks.takeAtOnce(connection, bytes, at, from, to),
      breach: (connection, reason) => this.#report(connection, reason),
    };
    const store = new SessionStore({
      qos2,
      sessions: limits.sessions,
      queuedMessages: limits.queuedMessages,
      queuedBytes: limits.queuedBytes,
      dropped: (client) => breaches.report({ reason: 'command-queue-full', actor: client }),
    });
    this.#broker = new DeviceBroker({
      persistence: store,
      connectTimeout: limits.connectMs * 2, // ours comes first
      drainTimeout: limits.drainMs,
      maxInflightInbound: 0, // Qos2 has the quota
      queueLimit: 1, // nothing passes a connection before its CONNACK
      preConnect: (client, packet, done) => {
        // A client id is only unique within its device: nobody takes over the session of another.
        packet.clientId = `${packet.username ?? ''}/${packet.clientId || randomUUID()}`;
        packet.keepalive = 0; // `sweep` watches: it knows when it is we who do not read
        done(null, !client.closed);
      },
      authenticate: (client, _username, password, done) => {
        this.#authenticate(framed(client), password).then(
          (code) => done(code === 0 ? null : Object.assign(new Error('refused'), { returnCode: code }), code === 0),
          (error: Error) => {
            ops.logger.error({ err: error }, 'mqtt: unable to authenticate a device');
            done(Object.assign(error, { returnCode: CONNACK.unavailable }), false);
          },
        );
      },
      authorizePublish: (client, packet, done) => this.#uplinks.take(client, packet, done),
      authorizeSubscribe: (client, subscription, done) => done(null, this.#subscribe(client, subscription)),
      authorizeForward: (client, packet) => (packet.topic === commandsTopic(client.id) ? packet : null),
    });
    this.#broker.on('clientReady', (client) => {
      framed(client).ready();
      const device = deviceOf(client);
      this.#clients.set(device, (this.#clients.get(device) ?? new Set()).add(client));
    });
    this.#broker.on('clientDisconnect', (client) => {
      const clients = this.#clients.get(deviceOf(client));
      clients?.delete(client);
      if (clients?.size === 0) this.#clients.delete(deviceOf(client));
    });
    // The types leave this event out; without a listener Node would throw what it carries.
    (this.#broker as EventEmitter).on('error', (error: Error) => {
      ops.logger.error({ err: error }, 'mqtt: the broker failed');
      ops.alerts.raise('mqtt-broker', error.message);
    });
  }

  async open(): Promise<void> {
    await this.#broker.listen();
  }

  /**
   * Hands a command to the broker, which gives it to the device when it is connected or, in a session that outlives its
   * connection, when it comes back.
   * @throws Unavailable when nobody subscribed: there is nobody to keep it for
   */
  command(device: string, payload: Uint8Array): Promise<void> {
    const topic = `devices/${device}/commands`;
    if (!this.has(device)) return Promise.reject(new Unavailable(`${device} is not connected`));
    // Between CONNECT and SUBSCRIBE there is nobody to give it to.
    const listens = [...(this.#clients.get(device) ?? [])].some(
      (client) => subscriptionsOf(client)[topic] !== undefined,
    );
    if (!listens) return Promise.reject(new Unavailable(`${device} is connected, but has not subscribed to ${topic}`));
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload) } as const;
    return new Promise((resolve, reject) => {
      this.#broker.publish({ ...packet, qos: 1, retain: false, dup: false }, (error) => {
        if (error) reject(new Unavailable(`${device}: the broker did not take the command`, { cause: error }));
        else resolve();
      });
    });
  }

  get connections(): number {
    return this.#connections.size;
  }

  get halfOpen(): number {
    return this.#halfOpen.size;
  }

  // ---- connections ----

  /** Is there room for one more from this address? Counts it as half open until the function given back is called. */
  reserve(address: string): (() => void) | undefined {
    const { limits, breaches } = this.#o;
    const room = this.#connections.size < limits.connections;
    const release = room ? this.#halfOpen.enter(address) : undefined;
    if (!release) breaches.report({ reason: room ? 'too-many-half-open' : 'too-many-connections', actor: address });
    return release;
  }

  /** A socket that has passed `reserve` (and its TLS handshake). */
  accept(socket: Socket, release: () => void): void {
    const connection = new FramedConnection(socket, this.#shared);
    this.#connections.add(connection);
    const deadline = setTimeout(() => connection.breach('connect-deadline'), this.#o.limits.connectMs);
    const settled = (): void => {
      clearTimeout(deadline);
      release();
    };
    connection.once('ready', settled);
    connection.once('close', () => {
      settled();
      this.#connections.delete(connection);
      const device = connection.rights?.device;
      if (device !== undefined) this.#count(device, -1);
    });
    this.#broker.handle(connection);
  }

  /** Closes who has been silent for one and a half times his keep alive [MQTT-3.1.2-24]. Called once a second. */
  sweep(): void {
    const now = performance.now();
    for (const connection of this.#connections) {
      const seconds = connection.request?.keepAlive ?? 0;
      if (seconds > 0 && connection.isReady && !connection.isHeld && now - connection.heardAt > seconds * 1500)
        connection.breach('keep-alive');
    }
  }

  /** Closes connections whose credential has ended; follows changes of owner. Called after changes of the directory. */
  review(): void {
    const { directory, secrets } = this.#o;
    for (const connection of this.#connections) {
      const rights = connection.rights;
      if (!rights) continue;
      const device = directory.device(rights.device);
      const stands = rights.hash === undefined ? device !== undefined : secrets.stillValid(rights.device, rights.hash);
      if (!device || !stands) connection.breach('credential-ended');
      else rights.uplink.owner = device.owner;
    }
  }

  has(device: string): boolean {
    return this.#devices.has(device);
  }

  #count(device: string, by: number): void {
    const count = (this.#devices.get(device) ?? 0) + by;
    if (count > 0) this.#devices.set(device, count);
    else this.#devices.delete(device);
  }

  /** Closes all connections, in order: what is accepted is acknowledged, and no will says a device went offline. */
  async close(): Promise<void> {
    this.#uplinks.stop();
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
  }

  #report(connection: FramedConnection, reason: string): void {
    const rights = connection.rights;
    this.#o.breaches.report({
      reason,
      actor: rights?.device ?? connection.address,
      organisation: rights?.uplink.owner ?? '',
      object: connection.request?.username ?? '',
      detail: connection.address,
    });
  }

  // ---- rights ----

  /** 0, or the return code of the CONNACK. @throws Unavailable when the registry does not answer. */
  async #authenticate(connection: FramedConnection, password: Buffer | undefined): Promise<number> {
    const login = await logIn(connection, password, this.#o);
    if (login.kind === 'refused') {
      this.#report(connection, login.reason);
      return login.code;
    }
    if (connection.destroyed) return CONNACK.unavailable; // gone while we asked
    const { rights, device } = login;
    connection.rights = rights;
    this.#count(device.id, 1);
    connection.organisation = device.owner;
    connection.bucket = this.#o.rates.of(device.id);
    return 0;
  }

  #subscribe(client: Client, { topic, qos }: Subscription): Subscription | null {
    const connection = framed(client);
    if (topic === connection.rights?.commands) return { topic, qos };
    const { breaches } = this.#o;
    const rights = connection.rights;
    const organisation = rights?.uplink.owner ?? '';
    breaches.report({ reason: 'subscribe-denied', actor: rights?.device ?? '', organisation, object: topic });
    return null; // 0x80
  }
}

/** A client id begins with its device; see `preConnect`. */
function deviceOf({ id }: Pick<Client, 'id'>): string {
  return id.slice(0, id.indexOf('/'));
}

/** By topic. The types of aedes leave them out. */
function subscriptionsOf(client: Client): Readonly<Record<string, unknown>> {
  return (client as unknown as { subscriptions: Record<string, unknown> }).subscriptions;
}
