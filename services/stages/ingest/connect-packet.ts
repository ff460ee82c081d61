/** Reads a CONNECT of MQTT 3.1.1 and says what is wrong with it; aedes' own parser lets several of these pass. */
import { mqttText } from './mqtt-text.ts';

export interface ConnectRequest {
  clientId: string;
  clean: boolean;
  /** Seconds; 0 is none. */
  keepAlive: number;
  username: string | undefined;
  willTopic: string | undefined;
}

/** Return codes of CONNACK, section 3.2.2.3. */
export const CONNACK = {
  version: 1,
  identifier: 2,
  unavailable: 3,
  credentials: 4,
  notAuthorized: 5,
} as const;

export type ConnectResult =
  | { kind: 'ok'; connect: ConnectRequest }
  /** Well-formed, but answered with this CONNACK. */
  | { kind: 'refused'; answer: Buffer; reason: string }
  /** Not a CONNECT at all: closed without a word [MQTT-4.8.0-1]. */
  | { kind: 'malformed'; reason: string };

export function connack(code: number): Buffer {
  return Buffer.from([0x20, 2, 0, code]);
}

const malformed = (reason: string): ConnectResult => ({ kind: 'malformed', reason });
const refused = (code: number, reason: string): ConnectResult => ({ kind: 'refused', answer: connack(code), reason });
// An MQTT 5 client cannot read a CONNACK of 3.1.1: reason code 0x84, unsupported protocol version, no properties.
const REFUSE_V5 = Buffer.from([0x20, 3, 0, 0x84, 0]);

/** Reads length-prefixed fields, never beyond `end`. */
class Fields {
  #bytes: Buffer;
  #at: number;
  #end: number;

  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  byte(): number | undefined {
    return this.left < 1 ? undefined : this.#bytes[this.#at++];
  }

  number(): number | undefined {
    if (this.left < 2) return undefined;
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  data(): Buffer | undefined {
    const length = this.number();
    if (length === undefined || length > this.left) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string | undefined {
    const data = this.data();
    return data && mqttText(data);
  }
}

/** `from` is the first byte of the variable header, `to` the end of the packet. */
export function readConnect(bytes: Buffer, from: number, to: number, clientIdBytes: number): ConnectResult {
  const fields = new Fields(bytes, from, to);
  const protocol = fields.text();
  const level = fields.byte();
  const flags = fields.byte();
  const keepAlive = fields.number();
  if (protocol === undefined || level === undefined || flags === undefined || keepAlive === undefined)
    return malformed('connect-too-short');
  if (protocol === 'MQIsdp' && level === 3) return refused(CONNACK.version, 'protocol-version');
  if (protocol !== 'MQTT') return malformed('protocol-name'); // [MQTT-3.1.2-1]
  if (level === 5) return { kind: 'refused', answer: REFUSE_V5, reason: 'protocol-version' };
  if (level !== 4) return refused(CONNACK.version, 'protocol-version'); // [MQTT-3.1.2-2]
  return readPayload(fields, flags, keepAlive, clientIdBytes);
}

function readPayload(fields: Fields, flags: number, keepAlive: number, clientIdBytes: number): ConnectResult {
  if (flags & 0x01) return malformed('reserved-flag'); // [MQTT-3.1.2-3]
  const clean = (flags & 0x02) !== 0;
  const hasWill = (flags & 0x04) !== 0;
  const willQos = (flags >> 3) & 3;
  const willRetain = (flags & 0x20) !== 0;
  const hasPassword = (flags & 0x40) !== 0;
  const hasUsername = (flags & 0x80) !== 0;
  // [MQTT-3.1.2-13] to [MQTT-3.1.2-15]
  if (willQos === 3 || (!hasWill && (willQos !== 0 || willRetain))) return malformed('will-flags');
  if (hasPassword && !hasUsername) return malformed('password-without-username'); // [MQTT-3.1.2-22]
  const clientId = fields.text();
  if (clientId === undefined) return malformed('client-id');
  let willTopic: string | undefined;
  if (hasWill) {
    willTopic = fields.text();
    if (willTopic === undefined || willTopic === '') return malformed('will-topic');
    if (fields.data() === undefined) return malformed('will-message');
  }
  let username: string | undefined;
  if (hasUsername) {
    username = fields.text();
    if (username === undefined) return malformed('user-name');
  }
  if (hasPassword && fields.data() === undefined) return malformed('password');
  if (fields.left > 0) return malformed('connect-too-long');
  if (clientId === '' && !clean) return refused(CONNACK.identifier, 'client-id'); // [MQTT-3.1.3-8]
  if (Buffer.byteLength(clientId) > clientIdBytes) return refused(CONNACK.identifier, 'client-id');
  return { kind: 'ok', connect: { clientId, clean, keepAlive, username, willTopic } };
}
