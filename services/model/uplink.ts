/**
 * An uplink: one raw message as received, bytes and all, and its place in a block. Written on the broker's thread for
 * every message, so the encoding is flat and the reader makes one object a record and copies nothing.
 */
import { Buffer } from 'node:buffer';

export const KINDS = ['readings', 'status', 'import', 'lorawan'] as const;
/**
 * `readings` from a device, `status` its birth or last will, `import` history entered by an operator, `lorawan` a message
 * of a network server, whole: `device` is then the EUI, and `session` says through whom (see `viaOf`).
 */
export type UplinkKind = (typeof KINDS)[number];
export const DOORS = ['mqtt', 'http', 'lorawan'] as const;
export type Door = (typeof DOORS)[number];

export interface Uplink {
  device: string;
  /** Organisation whose device it was when it was accepted; empty when nobody's. */
  owner: string;
  kind: UplinkKind;
  door: Door;
  /** Receipt time, epoch ms. Never goes backwards within the stream. */
  receivedAt: number;
  qos: 0 | 1 | 2;
  /** MQTT DUP flag. */
  dup: boolean;
  /** MQTT packet id, 0 where there is none. */
  packetId: number;
  /** MQTT client id of a session that outlives its connection (clean = false); of `lorawan` see `viaOf`; else empty. */
  session: string;
  /** Number of the connection it came on, unique in the installation's life: a redelivery comes on a later one. */
  connection: number;
  /** Identity given by the sender: an HTTP Idempotency-Key, a LoRaWAN deduplicationId. Empty where there is none. */
  identity: string;
  payload: Uint8Array;
}

/** A message that a network server, a vendor's cloud or a foreign broker handed on; whose it is the caller has made sure. */
export interface ForwardedUplink {
  /** Id of the device; of kind `lorawan` its EUI. */
  device: string;
  owner: string;
  kind: 'readings' | 'lorawan';
  door: Door;
  /** As in Uplink. */
  session: string;
  identity: string;
  payload: Uint8Array;
}

/** What the session of an uplink of kind `lorawan` says: which network server handed it on, and as which of its events. */
export function viaOf(session: string): { networkServer: string; event: string } {
  const slash = session.indexOf('/');
  return { networkServer: session.slice(0, slash), event: session.slice(slash + 1) };
}

export function sessionOf(networkServer: string, event: string): string {
  return `${networkServer}/${event}`;
}

const FIXED = 32;
const MAX_TEXT = 255;

/**
 * u32 length of the record · f64 receivedAt · f64 connection · u16 packetId · u8 kind · u8 door · u8 qos + 4·dup ·
 * u8 bytes of device, owner, session, identity · u24 own time (below) · the four texts (UTF-8) · payload
 */
export class UplinkWriter {
  #bytes: Buffer;
  #end = 0;
  count = 0;

  constructor(capacity = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get byteLength(): number {
    return this.#end;
  }

  /** @throws RangeError when a text is longer than 255 bytes; doors check that before. */
  push(u: Uplink): void {
    const texts = [u.device, u.owner, u.session, u.identity];
    // Most ids are short ASCII; three bytes a UTF-16 unit is the most UTF-8 can need.
    let room = FIXED + u.payload.byteLength;
    for (const t of texts) room += t.length * 3;
    this.#reserve(room);
    const b = this.#bytes;
    const start = this.#end;
    b.writeDoubleLE(u.receivedAt, start + 4);
    b.writeDoubleLE(u.connection, start + 12);
    b.writeUInt16LE(u.packetId, start + 20);
    b[start + 22] = KINDS.indexOf(u.kind);
    b[start + 23] = DOORS.indexOf(u.door);
    b[start + 24] = u.qos + (u.dup ? 4 : 0);
    b[start + 29] = 0;
    b[start + 30] = 0;
    b[start + 31] = 0;
    let at = start + FIXED;
    for (let i = 0; i < 4; i++) {
      const text = texts[i]!; // four texts, by construction
      const n = text.length === 0 ? 0 : b.write(text, at, 'utf8');
      if (n > MAX_TEXT) throw new RangeError(`uplink: text of ${n} bytes, at most ${MAX_TEXT}`);
      b[start + 25 + i] = n;
      at += n;
    }
    b.set(u.payload, at);
    at += u.payload.byteLength;
    b.writeUInt32LE(at - start, start);
    this.#end = at;
    this.count++;
  }

  /** The body of a block with everything pushed so far; the writer starts anew with a buffer of its own. */
  take(): Buffer {
    const body = this.#bytes.subarray(0, this.#end);
    this.#bytes = Buffer.allocUnsafe(Math.max(64 * 1024, Math.min(this.#bytes.byteLength, 4 * 1024 * 1024)));
    this.#end = 0;
    this.count = 0;
    return body;
  }

  /** As `take`, but the body is a view that is only good until `reset`: for a writer that is used again and again. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Starts anew in the same buffer. */
  reset(): void {
    this.#end = 0;
    this.count = 0;
  }

  #reserve(room: number): void {
    if (this.#end + room <= this.#bytes.byteLength) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.byteLength * 2, this.#end + room));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

const OWN_TIME = 29;
const MOST_AFTER = 2 ** 24 - 1;

/**
 * The time the first measurement without one of its own was given, epoch ms: kept with the record of a reject, so that
 * trying it again gives the same keys. It is the receipt time, or as much later as the device sent within a millisecond.
 */
export function keepOwnTime(record: Buffer, ownTime: number): void {
  const after = ownTime - record.readDoubleLE(4);
  record.writeUIntLE(Math.min(Math.max(0, after), MOST_AFTER), OWN_TIME, 3);
}

export function ownTimeOf(record: Buffer): number {
  return record.readDoubleLE(4) + record.readUIntLE(OWN_TIME, 3);
}

/** The records `from` to `to` (exclusive, counted within the block) of a body written by UplinkWriter. */
export function readUplinks(body: Uint8Array, from: number, to: number): Uplink[] {
  const b = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const uplinks: Uplink[] = [];
  let start = 0;
  for (let i = 0; i < to; i++) {
    const length = b.readUInt32LE(start);
    if (i >= from) uplinks.push(readOne(b, start, length));
    start += length;
  }
  return uplinks;
}

function readOne(b: Buffer, start: number, length: number): Uplink {
  const flags = b[start + 24]!; // within the fixed part
  let at = start + FIXED;
  const text = (i: number): string => {
    const n = b[start + 25 + i]!; // within the fixed part
    at += n;
    return n === 0 ? '' : b.toString('utf8', at - n, at);
  };
  const device = text(0);
  const owner = text(1);
  const session = text(2);
  const identity = text(3);
  return {
    device,
    owner,
    session,
    identity,
    kind: KINDS[b[start + 22]!]!, // written from the same list
    door: DOORS[b[start + 23]!]!, // written from the same list
    receivedAt: b.readDoubleLE(start + 4),
    connection: b.readDoubleLE(start + 12),
    packetId: b.readUInt16LE(start + 20),
    qos: (flags & 3) as 0 | 1 | 2, // written from a qos
    dup: (flags & 4) !== 0,
    payload: b.subarray(at, start + length),
  };
}
