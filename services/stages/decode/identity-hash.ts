/**
 * What identifies a message that carries no time, as 64 bits: HalfSipHash-2-4 (J.-P. Aumasson, the reference in
 * github.com/veorq/SipHash) with a key of the installation, so that nobody can choose a message that is taken for another's.
 */
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { Uplink } from '../../model/uplink.ts';

const KEY = 'identity-key';

export class IdentityHash {
  /** The halves of the last hash. */
  low = 0;
  high = 0;
  #k0 = 0;
  #k1 = 0;
  #unsaved: Buffer | undefined;
  #scratch = Buffer.allocUnsafe(128 * 1024);

  constructor(key: Uint8Array = randomBytes(8)) {
    this.#use(Buffer.from(key));
    this.#unsaved = Buffer.from(key);
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    const saved = state.get(KEY);
    if (saved) this.#use(Buffer.from(saved));
    this.#unsaved = saved ? undefined : Buffer.from(randomBytes(8));
    if (this.#unsaved) this.#use(this.#unsaved);
  }

  changes(state: Map<string, Uint8Array | undefined>): void {
    if (this.#unsaved) state.set(KEY, this.#unsaved);
    this.#unsaved = undefined;
  }

  /** Of (device, session, packet id, payload). */
  ofMessage(u: Uplink): void {
    this.#of(`${u.device}\0${u.session}\0${u.packetId}\0`, u.payload);
  }

  /** Of (device, identity given by the sender): an HTTP Idempotency-Key, a LoRaWAN deduplicationId. */
  ofSender(device: string, identity: string): void {
    this.#of(`${device}\0${identity}\0`, undefined);
  }

  #of(head: string, payload: Uint8Array | undefined): void {
    const room = head.length * 3 + (payload?.byteLength ?? 0);
    if (room > this.#scratch.byteLength) this.#scratch = Buffer.allocUnsafe(room);
    let end = this.#scratch.write(head, 0, 'utf8');
    if (payload) {
      this.#scratch.set(payload, end);
      end += payload.byteLength;
    }
    this.digest(this.#scratch, end);
  }

  /** Of the first `length` bytes, into `low` and `high`. */
  digest(bytes: Uint8Array, length: number): void {
    let v0 = this.#k0;
    let v1 = this.#k1 ^ 0xee;
    let v2 = 0x6c796765 ^ this.#k0;
    let v3 = 0x74656462 ^ this.#k1;
    const rounds = (n: number): void => {
      for (let i = 0; i < n; i++) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
    };
    const words = length - (length % 4);
    for (let i = 0; i < words; i += 4) {
      const m = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24); // i + 3 < length
      v3 ^= m;
      rounds(2);
      v0 ^= m;
    }
    let last = length << 24;
    for (let i = length - 1; i >= words; i--) last |= bytes[i]! << (8 * (i - words)); // i < length
    v3 ^= last;
    rounds(2);
    v0 ^= last;
    v2 ^= 0xee;
    rounds(4);
    this.low = (v1 ^ v3) >>> 0;
    v1 ^= 0xdd;
    rounds(4);
    this.high = (v1 ^ v3) >>> 0;
  }

  #use(key: Buffer): void {
    this.#k0 = key.readInt32LE(0);
    this.#k1 = key.readInt32LE(4);
  }
}
