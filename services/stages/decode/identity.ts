/** What identifies a message that carries no time: hashes wide enough that two messages never share one by chance or will. */
import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Uplink } from '../../model/uplink.ts';

const SCRATCH = Buffer.allocUnsafe(128 * 1024);

/** Of (device, session, packet id, payload). */
export function messageIdentity(u: Uplink): Buffer {
  return digest(`${u.device}\0${u.session}\0${u.packetId}\0`, u.payload);
}

/** Of (device, identity given by the sender): an HTTP Idempotency-Key, a LoRaWAN deduplicationId. */
export function senderIdentity(u: Uplink): Buffer {
  return digest(`${u.device}\0${u.identity}\0`, undefined);
}

function digest(head: string, payload: Uint8Array | undefined): Buffer {
  const room = head.length * 3 + (payload?.byteLength ?? 0);
  const b = room <= SCRATCH.byteLength ? SCRATCH : Buffer.allocUnsafe(room);
  let end = b.write(head, 0, 'utf8');
  if (payload) {
    b.set(payload, end);
    end += payload.byteLength;
  }
  return hash('sha256', b.subarray(0, end), 'buffer');
}
