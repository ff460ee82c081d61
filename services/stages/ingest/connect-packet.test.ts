/** CONNECT, field by field: MQTT 3.1.1 section 3.1. */
import mqtt from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { readConnect } from './connect-packet.ts';
import { connectOf } from './testing/raw-client.ts';

function field(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text as string);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

interface Parts {
  protocol?: string;
  level?: number;
  flags?: number;
  payload?: Buffer[];
}

/** The variable header and payload of a CONNECT with user name and password, with what differs. */
function body({ protocol = 'MQTT', level = 4, flags = 0xc2, payload }: Parts = {}): Buffer {
  const fields = payload ?? [field('c1'), field('d1'), field('secret')];
  return Buffer.concat([field(protocol), Buffer.from([level, flags, 0, 60]), ...fields]);
}

const read = (bytes: Buffer) => readConnect(bytes, 0, bytes.length, 200);
const text = (clientId: string | Buffer) => body({ payload: [field(clientId), field('d1'), field('s')] });
const will = { topic: 'devices/d1/status', payload: Buffer.from('offline'), qos: 1, retain: true } as const;

describe('a good CONNECT', () => {
  test('is read', () => {
    expect(read(body())).toEqual({
      kind: 'ok',
      connect: { clientId: 'c1', clean: true, keepAlive: 60, username: 'd1', willTopic: undefined },
    });
  });

  test('is read as mqtt-packet writes it, will included', () => {
    const bytes = mqtt.generate(connectOf({ will, clean: false, keepalive: 30 }));
    expect(readConnect(bytes, 2, bytes.length, 200)).toEqual({
      kind: 'ok',
      connect: { clientId: 'c1', clean: false, keepAlive: 30, username: 'd1', willTopic: 'devices/d1/status' },
    });
  });
});

describe('what is wrong with others', () => {
  test.each<[string, Buffer, string]>([
    ['the reserved flag [MQTT-3.1.2-3]', body({ flags: 0xc3 }), 'reserved-flag'],
    ['another protocol [MQTT-3.1.2-1]', body({ protocol: 'HTTP' }), 'protocol-name'],
    ['will QoS 3 [MQTT-3.1.2-14]', body({ flags: 0xde }), 'will-flags'],
    ['will QoS without a will [MQTT-3.1.2-13]', body({ flags: 0xca }), 'will-flags'],
    ['will retain without a will [MQTT-3.1.2-15]', body({ flags: 0xe2 }), 'will-flags'],
    ['a password without a user name [MQTT-3.1.2-22]', body({ flags: 0x42 }), 'password-without-username'],
    ['no client id', body({ payload: [] }), 'client-id'],
    ['a client id longer than the packet', body({ payload: [Buffer.from([255, 255, 1])] }), 'client-id'],
    ['no will topic', body({ flags: 0xc6, payload: [field('c1')] }), 'will-topic'],
    ['an empty will topic', body({ flags: 0xc6, payload: [field('c1'), field('')] }), 'will-topic'],
    ['no will message', body({ flags: 0xc6, payload: [field('c1'), field('t')] }), 'will-message'],
    ['no user name', body({ payload: [field('c1')] }), 'user-name'],
    ['no password', body({ payload: [field('c1'), field('d1')] }), 'password'],
    ['bytes behind it', Buffer.concat([body(), Buffer.from([0])]), 'connect-too-long'],
    ['nothing', Buffer.alloc(0), 'connect-too-short'],
    ['half of it', body().subarray(0, 8), 'connect-too-short'],
    ['U+0000 [MQTT-1.5.3-2]', text('a\u0000b'), 'client-id'],
    ['a surrogate [MQTT-1.5.3-1]', text(Buffer.from([0xed, 0xa0, 0x80])), 'client-id'],
    ['bytes that are no UTF-8', text(Buffer.from([0xff, 0xfe])), 'client-id'],
    ['overlong UTF-8', text(Buffer.from([0xc0, 0x80])), 'client-id'],
    ['a control character', text('a\u001b[31m'), 'client-id'],
    ['a C1 control character', text('a\u0085'), 'client-id'],
    ['a non-character', text('a\uffff'), 'client-id'],
    ['a non-character of another plane', text('a\u{1fffe}'), 'client-id'],
  ])('%s: closed without a word', (_, bytes, reason) => {
    expect(read(bytes)).toEqual({ kind: 'malformed', reason });
  });

  test.each<[string, Buffer, number]>([
    ['3.1', body({ protocol: 'MQIsdp', level: 3 }), 1],
    ['level 3 under the new name', body({ level: 3 }), 1],
    ['level 6', body({ level: 6 }), 1],
    ['a bridge', body({ level: 0x84 }), 1],
    [
      'no client id for a session to keep [MQTT-3.1.3-8]',
      body({ flags: 0xc0, payload: [field(''), field('d1'), field('s')] }),
      2,
    ],
    ['a client id of 201 bytes', text('x'.repeat(201)), 2],
    ['a client id of 101 characters and 202 bytes', text('æ'.repeat(101)), 2],
  ])('%s: answered with a CONNACK', (_, bytes, code) => {
    expect(read(bytes)).toMatchObject({ kind: 'refused', answer: Buffer.from([0x20, 2, 0, code]) });
  });

  test('every cut of a good one is malformed, never read beyond its end', () => {
    const whole = body({ flags: 0xc6, payload: ['c1', 't', 'bye', 'd1', 's'].map(field) });
    expect(read(whole).kind).toBe('ok');
    for (let end = 0; end < whole.length; end++) expect(readConnect(whole, 0, end, 200).kind).toBe('malformed');
  });
});
