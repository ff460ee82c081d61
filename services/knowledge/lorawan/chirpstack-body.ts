/** The body of a message of ChirpStack, JSON or protobuf as its operator chose: told apart by the first byte. */
import type { LorawanEvent } from '../../model/lorawan.ts';
import { chirpstackFields } from './chirpstack-fields.ts';
import { type Members, parseBody } from './members.ts';
import { readProtobuf } from './protobuf.ts';

/** `{`: as a protobuf tag it would be field 15 with wire type 3, which none of the events has. */
const BRACE = 0x7b;

/** In the names of the JSON; times may be epoch ms and data may be bytes already. @throws Rejected `malformed-message`. */
export function chirpstackBody(event: LorawanEvent, payload: Uint8Array): Members {
  return payload[0] === BRACE ? parseBody(payload) : readProtobuf(chirpstackFields(event), payload);
}
