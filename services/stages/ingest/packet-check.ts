/**
 * What a packet must look like before aedes sees it. mqtt-packet reads beyond a packet into the next one and lets
 * malformed strings pass; with these checks in front it only ever meets whole, well-formed packets.
 */
import { mqttText } from './mqtt-text.ts';

/** Control packet types, section 2.2.1. */
export const TYPE = {
  connect: 1,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const;

/**
 * The fixed header at `at`, packed into one number, because this runs for every packet: bytes it takes in the low three
 * bits, remaining length above them (28 bits at most, so it fits). -1 when it is incomplete, -2 when it is malformed.
 */
export function fixedHeader(bytes: Uint8Array, at: number, end: number): number {
  let length = 0;
  for (let i = 1; i <= 4; i++) {
    if (at + i >= end) return -1;
    const byte = bytes[at + i]!; // before end
    length |= (byte & 0x7f) << (7 * (i - 1));
    if (byte < 0x80) return (length << 3) | (i + 1);
  }
  return -2; // a fifth length byte, section 2.2.3
}

/** The name of what is wrong with a packet of a connected client, or `undefined`. `from` is behind the fixed header. */
export function packetFault(bytes: Buffer, at: number, from: number, to: number, filters: number): string | undefined {
  const first = bytes[at]!; // a packet has a first byte
  const type = first >> 4;
  if (type === TYPE.publish) return publishFault(bytes, first, from, to);
  const flags = first & 0x0f;
  switch (type) {
    case TYPE.puback:
    case TYPE.pubrec:
    case TYPE.pubcomp:
      return flags === 0 && to - from === 2 ? undefined : 'malformed-ack';
    case TYPE.pubrel:
      return flags === 2 && to - from === 2 ? undefined : 'malformed-ack';
    case TYPE.subscribe:
      return flags === 2 ? filtersFault(bytes, from, to, filters, 1) : 'malformed-subscribe';
    case TYPE.unsubscribe:
      return flags === 2 ? filtersFault(bytes, from, to, filters, 0) : 'malformed-unsubscribe';
    case TYPE.pingreq:
    case TYPE.disconnect:
      return flags === 0 && to === from ? undefined : 'malformed-packet';
    case TYPE.connect:
      return 'second-connect'; // [MQTT-3.1.0-2]
    default:
      return 'unexpected-packet';
  }
}

/** Only its shape: which topics a device may publish to is decided by its rights, and those compare exactly. */
function publishFault(bytes: Buffer, first: number, from: number, to: number): string | undefined {
  const qos = (first >> 1) & 3;
  if (qos === 3) return 'malformed-publish'; // [MQTT-3.3.1-4]
  if (qos === 0 && first & 8) return 'malformed-publish'; // [MQTT-3.3.1-2]
  if (to - from < 2) return 'malformed-publish';
  const topicEnd = from + 2 + ((bytes[from]! << 8) | bytes[from + 1]!); // both before to
  if (qos === 0) return topicEnd <= to ? undefined : 'malformed-publish';
  if (topicEnd + 2 > to) return 'malformed-publish';
  // [MQTT-2.3.1-1]
  return bytes[topicEnd] === 0 && bytes[topicEnd + 1] === 0 ? 'malformed-publish' : undefined;
}

function filtersFault(bytes: Buffer, from: number, to: number, most: number, optionBytes: 0 | 1): string | undefined {
  const fault = optionBytes === 1 ? 'malformed-subscribe' : 'malformed-unsubscribe';
  if (to - from < 2 || bytes.readUInt16BE(from) === 0) return fault; // [MQTT-2.3.1-1]
  let at = from + 2;
  let count = 0;
  while (at < to) {
    if (to - at < 2) return fault;
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end + optionBytes > to || end === at + 2) return fault; // [MQTT-4.7.3-1]
    if (mqttText(bytes.subarray(at + 2, end)) === undefined) return fault;
    if (optionBytes === 1 && bytes[end]! > 2) return fault; // before to; [MQTT-3.8.3-4]
    at = end + optionBytes;
    if (++count > most) return 'too-many-filters';
  }
  return count > 0 ? undefined : fault; // [MQTT-3.8.3-3], [MQTT-3.10.3-2]
}
