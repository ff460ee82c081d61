/**
 * Open QoS 2 handshakes: a packet id counts once until its PUBREL, also across a restart; semantics: Identity.
 * aedes calls `authorizePublish` again for a resent QoS 2 packet, so this is asked before anything is appended.
 *
 * Opened in the commit of the uplink itself, and PUBCOMP leaves only after the end of the handshake is durable: else a
 * crash could leave an id behind that the device already uses for its next message.
 */
import { crc32c } from '@node-rs/crc32';
import type { GroupAppend } from './group-append.ts';

const PREFIX = 'qos2/';

interface Handshake {
  phase: 'appending' | 'durable' | 'closing';
  crc: number;
  /** The session outlives its connection, so the handshake is kept in the log. */
  kept: boolean;
}

export type Qos2Verdict = 'new' | 'appending' | 'known' | 'too-many';

export interface Qos2Options {
  group: GroupAppend;
  perDevice: number;
  maxAgeMs: number;
  /** Epoch ms. */
  now(): number;
}

export class Qos2 {
  #options: Qos2Options;
  /** By client (`device/client id`), then packet id. */
  #clients = new Map<string, Map<number, Handshake>>();
  #perDevice = new Map<string, number>();

  constructor(options: Qos2Options) {
    this.#options = options;
  }

  /** Takes over what the log remembers; forgets what is too old. */
  restore(state: ReadonlyMap<string, Uint8Array>): void {
    const { group, now, maxAgeMs } = this.#options;
    for (const [key, value] of state) {
      if (!key.startsWith(PREFIX)) continue;
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      if (now() - bytes.readDoubleLE(0) > maxAgeMs) {
        group.remember(key, undefined);
        continue;
      }
      const slash = key.lastIndexOf('/');
      const handshake: Handshake = { phase: 'durable', crc: bytes.readUInt32LE(8), kept: true };
      this.#set(key.slice(PREFIX.length, slash), Number(key.slice(slash + 1)), handshake);
    }
  }

  /** A PUBLISH came. On `new` the caller appends it in the same turn and calls `appended`. */
  open(client: string, packetId: number, payload: Uint8Array, kept: boolean): Qos2Verdict {
    const crc = crc32c(payload);
    const known = this.#clients.get(client)?.get(packetId);
    // Another payload under a known id: the device has lost its session and begun anew. Better twice than never.
    if (known && known.crc === crc) return known.phase === 'appending' ? 'appending' : 'known';
    const { perDevice, group, now } = this.#options;
    if (!known && (this.#perDevice.get(deviceOf(client)) ?? 0) >= perDevice) return 'too-many';
    this.#set(client, packetId, { phase: 'appending', crc, kept });
    if (kept) {
      const value = Buffer.alloc(12);
      value.writeDoubleLE(now(), 0);
      value.writeUInt32LE(crc, 8);
      group.remember(keyOf(client, packetId), value);
    }
    return 'new';
  }

  /** The append of a `new` one has succeeded or not. */
  appended(client: string, packetId: number, ok: boolean): void {
    const handshake = this.#clients.get(client)?.get(packetId);
    if (!handshake) return;
    if (ok) handshake.phase = 'durable';
    else this.#forget(client, packetId, handshake);
  }

  isDurable(client: string, packetId: number): boolean {
    const phase = this.#clients.get(client)?.get(packetId)?.phase;
    return phase === 'durable' || phase === 'closing';
  }

  /** PUBREL came. Resolves when the end of the handshake is durable. @throws what the log throws. */
  async release(client: string, packetId: number): Promise<void> {
    const handshake = this.#clients.get(client)?.get(packetId);
    if (!handshake) return;
    handshake.phase = 'closing';
    if (handshake.kept) {
      this.#options.group.remember(keyOf(client, packetId), undefined);
      await this.#durable();
    }
    if (this.#clients.get(client)?.get(packetId) === handshake) this.#delete(client, packetId);
  }

  /** A clean session begins or ends. Resolves when nothing of an earlier one can come back. */
  async clear(client: string): Promise<void> {
    const handshakes = this.#clients.get(client);
    if (!handshakes) return;
    let kept = false;
    for (const [packetId, handshake] of handshakes) {
      kept ||= handshake.kept;
      this.#forget(client, packetId, handshake);
    }
    if (kept) await this.#durable();
  }

  #durable(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#options.group.barrier((error) => (error ? reject(error) : resolve()));
    });
  }

  #forget(client: string, packetId: number, { kept }: Handshake): void {
    if (kept) this.#options.group.remember(keyOf(client, packetId), undefined);
    this.#delete(client, packetId);
  }

  #set(client: string, packetId: number, handshake: Handshake): void {
    let handshakes = this.#clients.get(client);
    if (!handshakes) {
      handshakes = new Map();
      this.#clients.set(client, handshakes);
    }
    if (!handshakes.has(packetId)) this.#count(client, 1);
    handshakes.set(packetId, handshake);
  }

  #delete(client: string, packetId: number): void {
    const handshakes = this.#clients.get(client);
    if (!handshakes?.delete(packetId)) return;
    this.#count(client, -1);
    if (handshakes.size === 0) this.#clients.delete(client);
  }

  #count(client: string, by: number): void {
    const device = deviceOf(client);
    const count = (this.#perDevice.get(device) ?? 0) + by;
    if (count > 0) this.#perDevice.set(device, count);
    else this.#perDevice.delete(device);
  }
}

function keyOf(client: string, packetId: number): string {
  return `${PREFIX}${client}/${packetId}`;
}

/** A device id has no slash, so the first one ends it. */
function deviceOf(client: string): string {
  return client.slice(0, client.indexOf('/'));
}
