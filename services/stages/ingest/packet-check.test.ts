/** The shape of packets behind CONNECT. */
import mqtt, { type Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { fixedHeader, packetFault } from './packet-check.ts';

function fault(bytes: Buffer): string | undefined {
  const fixed = fixedHeader(bytes, 0, bytes.length);
  expect(fixed).toBeGreaterThan(0);
  return packetFault(bytes, 0, fixed & 7, (fixed & 7) + (fixed >>> 3), 3);
}

describe('the fixed header', () => {
  test.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455])('of %i bytes', (length) => {
    const header: number[] = [0x30];
    let rest = length;
    do {
      header.push((rest & 0x7f) | (rest > 127 ? 0x80 : 0));
      rest >>= 7;
    } while (rest > 0);
    const fixed = fixedHeader(Buffer.from(header), 0, header.length);
    expect([fixed & 7, fixed >>> 3]).toEqual([header.length, length]);
    for (let end = 1; end < header.length; end++) expect(fixedHeader(Buffer.from(header), 0, end)).toBe(-1);
  });

  test('has four length bytes at most', () => {
    expect(fixedHeader(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]), 0, 5)).toBe(-2);
  });
});

describe('good packets pass', () => {
  const publish = { cmd: 'publish', topic: 't', payload: 'x', dup: false, retain: false } as const;
  test.each<[string, Packet]>([
    ['PUBLISH QoS 0', { ...publish, qos: 0 }],
    ['PUBLISH QoS 1', { ...publish, qos: 1, messageId: 1 }],
    ['PUBLISH without a payload', { ...publish, payload: '', qos: 2, messageId: 65_535 }],
    ['PUBACK', { cmd: 'puback', messageId: 1 }],
    ['PUBREC', { cmd: 'pubrec', messageId: 1 }],
    ['PUBREL', { cmd: 'pubrel', messageId: 1 }],
    ['PUBCOMP', { cmd: 'pubcomp', messageId: 1 }],
    ['SUBSCRIBE', { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/+/#', qos: 2 }] }],
    ['UNSUBSCRIBE', { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['a', 'b'] }],
    ['PINGREQ', { cmd: 'pingreq' }],
    ['DISCONNECT', { cmd: 'disconnect' }],
  ])('%s', (_, packet) => {
    expect(fault(mqtt.generate(packet))).toBeUndefined();
  });
});

describe('others do not', () => {
  test.each<[string, number[], string]>([
    ['PUBLISH with QoS 3 [MQTT-3.3.1-4]', [0x36, 5, 0, 1, 116, 0, 1], 'malformed-publish'],
    ['PUBLISH with QoS 0 and DUP [MQTT-3.3.1-2]', [0x38, 3, 0, 1, 116], 'malformed-publish'],
    ['PUBLISH without a topic', [0x30, 1, 0], 'malformed-publish'],
    ['PUBLISH whose topic is longer than it', [0x30, 4, 0, 9, 116, 116], 'malformed-publish'],
    ['PUBLISH without a packet id', [0x32, 3, 0, 1, 116], 'malformed-publish'],
    ['PUBLISH with half a packet id', [0x32, 4, 0, 1, 116, 1], 'malformed-publish'],
    ['PUBLISH with packet id 0 [MQTT-2.3.1-1]', [0x32, 5, 0, 1, 116, 0, 0], 'malformed-publish'],
    ['a short PUBACK', [0x40, 1, 0], 'malformed-ack'],
    ['a long PUBACK', [0x40, 3, 0, 1, 0], 'malformed-ack'],
    ['PUBREL without its flags [MQTT-3.6.1-1]', [0x60, 2, 0, 1], 'malformed-ack'],
    ['SUBSCRIBE without its flags [MQTT-3.8.1-1]', [0x80, 6, 0, 1, 0, 1, 116, 0], 'malformed-subscribe'],
    ['SUBSCRIBE without a filter [MQTT-3.8.3-3]', [0x82, 2, 0, 1], 'malformed-subscribe'],
    ['SUBSCRIBE with an empty filter', [0x82, 5, 0, 1, 0, 0, 0], 'malformed-subscribe'],
    ['SUBSCRIBE with packet id 0', [0x82, 6, 0, 0, 0, 1, 116, 0], 'malformed-subscribe'],
    ['SUBSCRIBE with QoS 3 [MQTT-3.8.3-4]', [0x82, 6, 0, 1, 0, 1, 116, 3], 'malformed-subscribe'],
    ['SUBSCRIBE with reserved bits', [0x82, 6, 0, 1, 0, 1, 116, 0x10], 'malformed-subscribe'],
    ['SUBSCRIBE without a QoS', [0x82, 5, 0, 1, 0, 1, 116], 'malformed-subscribe'],
    ['SUBSCRIBE with U+0000', [0x82, 6, 0, 1, 0, 1, 0, 0], 'malformed-subscribe'],
    ['SUBSCRIBE with broken UTF-8', [0x82, 6, 0, 1, 0, 1, 0xff, 0], 'malformed-subscribe'],
    ['UNSUBSCRIBE without a filter [MQTT-3.10.3-2]', [0xa2, 2, 0, 1], 'malformed-unsubscribe'],
    ['UNSUBSCRIBE with a cut filter', [0xa2, 4, 0, 1, 0, 9], 'malformed-unsubscribe'],
    ['PINGREQ with a body', [0xc0, 1, 0], 'malformed-packet'],
    ['DISCONNECT with flags [MQTT-3.14.1-1]', [0xe1, 0], 'malformed-packet'],
    ['a second CONNECT [MQTT-3.1.0-2]', [0x10, 0], 'second-connect'],
    ['CONNACK', [0x20, 2, 0, 0], 'unexpected-packet'],
    ['SUBACK', [0x90, 3, 0, 1, 0], 'unexpected-packet'],
    ['PINGRESP', [0xd0, 0], 'unexpected-packet'],
    ['type 0', [0x00, 0], 'unexpected-packet'],
    ['type 15', [0xf0, 0], 'unexpected-packet'],
  ])('%s', (_, bytes, reason) => {
    expect(fault(Buffer.from(bytes))).toBe(reason);
  });
});
