/** PUBLISH, section 3.3, read in place: the one packet that comes a hundred thousand times a second. */

export interface PublishFields {
  qos: 0 | 1 | 2;
  dup: boolean;
  /** 0 with QoS 0. */
  packetId: number;
  topicFrom: number;
  topicTo: number;
  payloadFrom: number;
}

/** Of a packet that `packetFault` has passed. It begins at `at`, its variable header at `from`. */
export function readPublish(bytes: Uint8Array, at: number, from: number): PublishFields {
  const first = bytes[at]!;
  const qos = ((first >> 1) & 3) as 0 | 1 | 2; // 3 is malformed
  const topicFrom = from + 2;
  const topicTo = topicFrom + ((bytes[from]! << 8) | bytes[from + 1]!);
  const packetId = qos === 0 ? 0 : (bytes[topicTo]! << 8) | bytes[topicTo + 1]!;
  return { qos, dup: (first & 8) !== 0, packetId, topicFrom, topicTo, payloadFrom: qos === 0 ? topicTo : topicTo + 2 };
}

/** Whether the topic is `expected`, which is ASCII, as device ids are. */
export function topicIs(bytes: Uint8Array, { topicFrom, topicTo }: PublishFields, expected: string): boolean {
  if (topicTo - topicFrom !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) {
    if (bytes[topicFrom + i] !== expected.charCodeAt(i)) return false;
  }
  return true;
}
