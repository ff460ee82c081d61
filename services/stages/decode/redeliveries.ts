/** Which uplinks came before: by what their sender says of itself, or by what MQTT says of the message. See semantics: Identity. */
import type { Uplink } from '../../model/uplink.ts';
import { IdentityHash } from './identity-hash.ts';
import { IdentityMemory } from './identity-memory.ts';
import { DAY_MS } from './judge-time.ts';

const MESSAGE_MS = 10 * 60_000;

export class Redeliveries {
  #identity = new IdentityHash();
  #messages: IdentityMemory;
  #senders: IdentityMemory;

  /** `capacity`: most messages remembered in one generation of each memory; there are two. */
  constructor(capacity: number) {
    this.#messages = new IdentityMemory({ prefix: 'seen/m/', windowMs: MESSAGE_MS, capacity });
    this.#senders = new IdentityMemory({ prefix: 'seen/s/', windowMs: DAY_MS, capacity });
  }

  /** `identity`, which the sender gave or its message has, was seen within a day. */
  senderSeen(u: Uplink, identity: string): boolean {
    this.#identity.ofSender(u.device, identity);
    if (this.#senders.find(this.#identity, u.receivedAt) !== undefined) return true;
    this.#senders.put(this.#identity, u.connection, u.receivedAt);
    return false;
  }

  /**
   * The same message came lately, and this one says that it comes again, or comes on a later connection of its session. Without
   * a session packet ids begin anew on each connection, and only DUP tells.
   */
  messageSeen(u: Uplink): boolean {
    this.#identity.ofMessage(u);
    const connection = this.#messages.find(this.#identity, u.receivedAt);
    this.#messages.put(this.#identity, u.connection, u.receivedAt);
    return connection !== undefined && (u.dup || (u.session !== '' && connection < u.connection));
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#identity.restore(state);
    this.#messages.restore(state);
    this.#senders.restore(state);
  }

  changes(state: Map<string, Uint8Array | undefined>, now: number): void {
    this.#identity.changes(state);
    this.#messages.changes(state, now);
    this.#senders.changes(state, now);
  }
}
