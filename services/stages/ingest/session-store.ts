/**
 * What aedes keeps of sessions, in memory and within quotas: a device's subscription to its own commands and the commands
 * that wait for it. Retained messages and wills of other brokers do not exist here, so nothing is stored for them.
 */
import { Readable } from 'node:stream';
import type { Qos2 } from './qos2.ts';

interface ClientRef {
  id: string;
}

interface Subscription {
  topic: string;
  qos: 0 | 1 | 2;
}

interface OutgoingPacket {
  cmd: string;
  brokerId?: string;
  brokerCounter?: number;
  topic?: string;
  payload?: Uint8Array | string;
  qos?: number;
  messageId?: number | undefined;
}

interface Session {
  subscriptions: Map<string, Subscription>;
  outgoing: OutgoingPacket[];
  outgoingBytes: number;
}

export interface SessionStoreOptions {
  qos2: Qos2;
  sessions: number;
  queuedMessages: number;
  queuedBytes: number;
  /** A command found no room. */
  dropped(client: string): void;
}

/** The promise side of aedes-persistence, as far as aedes calls it. */
export class SessionStore {
  #options: SessionStoreOptions;
  #qos2: Qos2;
  // In order of last use: the one longest unused makes room.
  #sessions = new Map<string, Session>();

  constructor(options: SessionStoreOptions) {
    this.#options = options;
    this.#qos2 = options.qos2;
  }

  // aedes insists on an async function.
  async setup(): Promise<void> {}

  // ---- subscriptions ----

  /** aedes passes all filters of the SUBSCRIBE, those it has refused too: only the device's own commands are kept. */
  async addSubscriptions(client: ClientRef, subscriptions: readonly Subscription[]): Promise<void> {
    const own = commandsTopic(client.id);
    for (const { topic, qos } of subscriptions) {
      if (topic === own) this.#session(client.id).subscriptions.set(topic, { topic, qos });
    }
  }

  async removeSubscriptions(client: ClientRef, topics: readonly string[]): Promise<void> {
    const session = this.#sessions.get(client.id);
    for (const topic of topics) session?.subscriptions.delete(topic);
    this.#dropIfEmpty(client.id);
  }

  async subscriptionsByClient(client: ClientRef): Promise<Subscription[]> {
    return [...(this.#sessions.get(client.id)?.subscriptions.values() ?? [])];
  }

  async cleanSubscriptions(client: ClientRef): Promise<void> {
    this.#sessions.delete(client.id);
  }

  /** Sessions of one device that want its commands; `topic` is `devices/{id}/commands`. */
  async subscriptionsByTopic(topic: string): Promise<(Subscription & { clientId: string })[]> {
    const found: (Subscription & { clientId: string })[] = [];
    for (const [clientId, session] of this.#sessions) {
      const subscription = session.subscriptions.get(topic);
      if (subscription && subscription.qos > 0) found.push({ clientId, ...subscription });
    }
    return found;
  }

  // ---- commands that wait ----

  async outgoingEnqueue(subscription: { clientId: string }, packet: OutgoingPacket): Promise<void> {
    const session = this.#session(subscription.clientId);
    const bytes = sizeOf(packet);
    const { queuedMessages, queuedBytes, dropped } = this.#options;
    if (session.outgoing.length >= queuedMessages || session.outgoingBytes + bytes > queuedBytes) {
      dropped(subscription.clientId);
      return;
    }
    session.outgoing.push({ ...packet, messageId: undefined });
    session.outgoingBytes += bytes;
  }

  async outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: OutgoingPacket): Promise<void> {
    for (const subscription of subscriptions) await this.outgoingEnqueue(subscription, packet);
  }

  /** @throws Error when there is no such packet. */
  async outgoingUpdate(client: ClientRef, packet: OutgoingPacket): Promise<void> {
    const outgoing = this.#sessions.get(client.id)?.outgoing ?? [];
    // A PUBREL has no broker counter, only its packet id.
    const { brokerId, brokerCounter, messageId } = packet;
    const at = outgoing.findIndex((waiting) =>
      brokerId === undefined
        ? waiting.messageId === messageId
        : waiting.brokerId === brokerId && waiting.brokerCounter === brokerCounter,
    );
    const waiting = outgoing[at];
    if (waiting) {
      if (brokerId === undefined) outgoing[at] = packet;
      else waiting.messageId = messageId;
      return;
    }
    throw new Error('no such packet');
  }

  async outgoingClearMessageId(client: ClientRef, packet: OutgoingPacket): Promise<OutgoingPacket | undefined> {
    const session = this.#sessions.get(client.id);
    const at = session?.outgoing.findIndex((p) => p.messageId === packet.messageId) ?? -1;
    if (!session || at < 0) return undefined;
    const [cleared] = session.outgoing.splice(at, 1);
    session.outgoingBytes = session.outgoing.reduce((sum, p) => sum + sizeOf(p), 0);
    this.#dropIfEmpty(client.id);
    return cleared;
  }

  outgoingStream(client: ClientRef): Readable {
    return Readable.from([...(this.#sessions.get(client.id)?.outgoing ?? [])]);
  }

  // ---- QoS 2 from devices: `authorizePublish` has already recorded it, in the commit of the uplink ----

  async incomingStorePacket(): Promise<void> {}

  /** @throws Error when there is none: aedes' way to ask. */
  async incomingGetPacket(client: ClientRef, packet: { messageId?: number }): Promise<object> {
    if (!this.#qos2.isDurable(client.id, packet.messageId ?? 0)) throw new Error('no such packet');
    return packet;
  }

  async incomingDelPacket(client: ClientRef, packet: { messageId?: number }): Promise<void> {
    await this.#qos2.release(client.id, packet.messageId ?? 0);
  }

  async cleanIncoming(client: ClientRef): Promise<void> {
    await this.#qos2.clear(client.id);
  }

  // ---- retained messages and wills: none are kept ----

  async storeRetained(): Promise<void> {}

  createRetainedStreamCombi(): Readable {
    return Readable.from([]);
  }

  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([]);
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id) ?? { subscriptions: new Map(), outgoing: [], outgoingBytes: 0 };
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    if (this.#sessions.size > this.#options.sessions) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return session;
  }

  #dropIfEmpty(id: string): void {
    const session = this.#sessions.get(id);
    if (session && session.subscriptions.size === 0 && session.outgoing.length === 0) this.#sessions.delete(id);
  }
}

/** The one topic a client (`device/client id`) may subscribe to. */
export function commandsTopic(client: string): string {
  return `devices/${client.slice(0, client.indexOf('/'))}/commands`;
}

function sizeOf({ payload, topic }: OutgoingPacket): number {
  return (payload?.length ?? 0) + (topic?.length ?? 0);
}
