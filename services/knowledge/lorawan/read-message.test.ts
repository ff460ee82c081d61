/** Messages of network servers: nothing random does harm, and protobuf says what its JSON says. Cases are in test/cases/lorawan. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { Rejected } from '../../model/errors.ts';
import { LORAWAN_EVENTS, type LorawanMessage } from '../../model/lorawan.ts';
import { deviceOf } from './device-of.ts';
import { readMessage } from './read-message.ts';

const KINDS = ['chirpstack', 'tts'] as const;
const EUI = '70b3d57ba0001234';

/** A Rejected has a sentence and its one code; anything else is a bug and is thrown on. */
function readOr(kind: (typeof KINDS)[number], event: string, payload: Uint8Array): LorawanMessage | undefined {
  const device = deviceOf(kind, payload, event);
  try {
    const message = readMessage(kind, event, payload);
    if (message.event !== 'gateway') expect(device?.devEui).toBe(message.devEui);
    return message;
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    expect(error.code).toBe('malformed-message');
    return undefined;
  }
}

const event = fc.constantFrom(...LORAWAN_EVENTS, 'conn', 'state/conn', 'down/ack', '', '__proto__', 'constructor');

/** JSON with members that the readers know, filled with anything. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, 0, -1, 1.5, 1e300, '', 'x', 'AQ==', '!', '2026-03-09T06:41:22Z', true, [], {}, [null]),
  fc.constantFrom<unknown>(
    [[1], {}],
    { a: 1 },
    { lora: { spreadingFactor: '7' } },
    { latitude: 'north' },
    '9'.repeat(30),
  ),
);
const nearly = (names: readonly string[], inner: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...names), fc.oneof({ weight: 3, arbitrary: inner }, anything));
const chirpstackish = nearly(
  [
    'deduplicationId',
    'time',
    'deviceInfo',
    'fCnt',
    'fPort',
    'data',
    'object',
    'rxInfo',
    'txInfo',
    'location',
    'margin',
    'batteryLevel',
    'level',
    'code',
    'context',
    'gatewayId',
    'state',
    'queueItemId',
  ],
  fc.oneof(
    fc.record({ devEui: fc.constant(EUI), tags: anything, deviceName: anything }),
    fc.array(fc.record({ gatewayId: fc.constant('24e1'), rssi: anything, snr: anything, location: anything })),
    fc.record({ modulation: anything, frequency: anything }),
    fc.integer(),
  ),
).map((body) => ({ deviceInfo: { devEui: EUI }, ...body }));
const ttsish = nearly(
  [
    'received_at',
    'uplink_message',
    'join_accept',
    'downlink_ack',
    'downlink_failed',
    'location_solved',
    'simulated',
    'service_data',
  ],
  nearly(
    [
      'session_key_id',
      'f_cnt',
      'f_port',
      'frm_payload',
      'rx_metadata',
      'settings',
      'decoded_payload',
      'correlation_ids',
      'downlink',
      'error',
      'version_ids',
      'received_at',
    ],
    fc.array(
      fc.record({ gateway_ids: fc.record({ eui: anything, gateway_id: anything }), rssi: anything, time: anything }),
    ),
  ),
).map((body) => ({ end_device_ids: { dev_eui: EUI.toUpperCase() }, ...body }));

describe('messages of network servers', () => {
  it('bytes: a message or a refusal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), event, fc.uint8Array({ maxLength: 300 }), (kind, what, bytes) => {
        readOr(kind, what, bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('JSON that looks right from afar: a message or a refusal', () => {
    let read = 0;
    fc.assert(
      fc.property(event, chirpstackish, ttsish, (what, chirpstack, tts) => {
        if (readOr('chirpstack', what, Buffer.from(JSON.stringify(chirpstack)))) read++;
        if (readOr('tts', what, Buffer.from(JSON.stringify(tts)))) read++;
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(500);
  });

  it('a bomb of brackets is refused before it is built', () => {
    const bomb = Buffer.from(`{"deviceInfo":${'['.repeat(60_000)}`);
    for (const kind of KINDS) expect(readOr(kind, 'up', bomb)).toBeUndefined();
  });

  it('keys of the prototype are keys like others', () => {
    const text = `{"deviceInfo":{"devEui":"${EUI}","tags":{"__proto__":"a","constructor":"b"}},"fCnt":1,"data":"AQ=="}`;
    const { tags } = readMessage('chirpstack', 'up', Buffer.from(text));
    expect(Object.entries(tags)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  it('infinity is no SNR', () => {
    const text = `{"deviceInfo":{"devEui":"${EUI}"},"rxInfo":[{"gatewayId":"g","rssi":-1e999,"snr":1e999}]}`;
    expect(readMessage('chirpstack', 'up', Buffer.from(text)).up?.heard).toEqual([{ gateway: 'g' }]);
  });

  it.each([
    ['2026-03-09T06:41:17.482193123+00:00', '2026-03-09T06:41:17.482Z'],
    ['2026-03-09T06:41:17.482193Z', '2026-03-09T06:41:17.482Z'],
    ['2026-03-09T07:41:17.4+01:00', '2026-03-09T06:41:17.400Z'],
    ['2026-03-09T06:41:17Z', '2026-03-09T06:41:17.000Z'],
    ['2026-02-30T06:41:17.000000Z', undefined],
    ['yesterday', undefined],
  ])('time %s', (time, expected) => {
    const body = { deviceInfo: { devEui: EUI }, time };
    const read = readMessage('chirpstack', 'join', Buffer.from(JSON.stringify(body))).time;
    expect(read === undefined ? undefined : new Date(read).toISOString()).toBe(expected);
  });
});

describe('protobuf of ChirpStack', () => {
  const bytes = fc.uint8Array({ maxLength: 222 });
  const uplink = fc.record({
    fCnt: fc.nat(0xffff_ffff),
    fPort: fc.nat(255),
    confirmed: fc.boolean(),
    data: bytes,
    rssi: fc.integer({ min: -150, max: -1 }),
    quarterDb: fc.integer({ min: -100, max: 60 }),
    ms: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    object: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
  });
  type Uplink = typeof uplink extends fc.Arbitrary<infer T> ? T : never;

  function inJson(u: Uplink): Buffer {
    return Buffer.from(
      JSON.stringify({
        deduplicationId: 'a',
        time: new Date(u.ms).toISOString(),
        deviceInfo: { devEui: EUI, tags: { a: 'b' } },
        fCnt: u.fCnt,
        fPort: u.fPort,
        confirmed: u.confirmed,
        data: Buffer.from(u.data).toString('base64'),
        object: u.object,
        rxInfo: [{ gatewayId: '24e1', rssi: u.rssi, snr: u.quarterDb / 4 }],
        txInfo: { modulation: { lora: { spreadingFactor: 7 } } },
      }),
    );
  }

  /** As prost writes it: zeros left out, fields in the order of their numbers. */
  function inProtobuf(u: Uplink): Uint8Array {
    const pbf = new PbfWriter();
    const text = (tag: number, value: string) => pbf.writeStringField(tag, value);
    text(1, 'a');
    pbf.writeMessage(
      2,
      (ms: number, p) => {
        if (ms >= 1000) p.writeVarintField(1, Math.floor(ms / 1000));
        if (ms % 1000) p.writeVarintField(2, (ms % 1000) * 1e6);
      },
      u.ms,
    );
    pbf.writeMessage(
      3,
      (_: null, p) => {
        p.writeStringField(1, 'unread');
        p.writeStringField(8, EUI);
        p.writeMessage(
          9,
          (__: null, entry) => {
            entry.writeStringField(1, 'a');
            entry.writeStringField(2, 'b');
          },
          null,
        );
      },
      null,
    );
    if (u.fCnt) pbf.writeVarintField(7, u.fCnt);
    if (u.fPort) pbf.writeVarintField(8, u.fPort);
    if (u.confirmed) pbf.writeBooleanField(9, true);
    if (u.data.length > 0) pbf.writeBytesField(10, u.data);
    pbf.writeMessage(11, writeStruct, u.object);
    pbf.writeMessage(
      12,
      (_: null, p) => {
        p.writeStringField(1, '24e1');
        if (u.rssi) p.writeVarintField(6, u.rssi);
        if (u.quarterDb) p.writeFloatField(7, u.quarterDb / 4);
      },
      null,
    );
    pbf.writeMessage(
      13,
      (_: null, p) => {
        p.writeMessage(
          2,
          (__: null, m) => {
            m.writeMessage(3, (___: null, lora) => lora.writeVarintField(2, 7), null);
          },
          null,
        );
      },
      null,
    );
    return pbf.finish();
  }

  function writeStruct(object: Record<string, unknown>, pbf: PbfWriter): void {
    for (const [key, value] of Object.entries(object))
      pbf.writeMessage(
        1,
        (_: null, entry) => {
          entry.writeStringField(1, key);
          entry.writeMessage(2, writeValue, value);
        },
        null,
      );
  }

  function writeValue(value: unknown, pbf: PbfWriter): void {
    if (value === null) pbf.writeVarintField(1, 0);
    else if (typeof value === 'number') pbf.writeDoubleField(2, value);
    else if (typeof value === 'string') pbf.writeStringField(3, value);
    else if (typeof value === 'boolean') pbf.writeBooleanField(4, value);
    else if (Array.isArray(value))
      pbf.writeMessage(
        6,
        (list: unknown[], p) => {
          for (const item of list) p.writeMessage(1, writeValue, item);
        },
        value,
      );
    else pbf.writeMessage(5, writeStruct, value as Record<string, unknown>); // JSON has no other kinds
  }

  /** Plain data: `bytes` are a Buffer in one and a Uint8Array in the other. */
  const plain = (m: LorawanMessage | undefined): unknown =>
    m && { ...m, up: m.up && { ...m.up, bytes: [...m.up.bytes] } };

  it('says what its JSON says', () => {
    fc.assert(
      fc.property(uplink, (u) => {
        // JSON has no lone surrogates in UTF-8, and -0 is 0 in its text.
        const same = JSON.parse(JSON.stringify(u.object).toWellFormed()) as Uplink['object'];
        const sent = { ...u, object: same };
        const read = plain(readMessage('chirpstack', 'up', inProtobuf(sent)));
        expect(read).toEqual(plain(readMessage('chirpstack', 'up', inJson(sent))));
      }),
    );
  });

  it('cut short anywhere it is refused, or is a message with less in it', () => {
    fc.assert(
      fc.property(uplink, fc.nat(), (u, cut) => {
        const whole = inProtobuf(u);
        const message = readOr('chirpstack', 'up', whole.subarray(0, cut % whole.length));
        if (message?.up?.bytes.length) expect([...message.up.bytes]).toEqual([...u.data]);
      }),
      { numRuns: 500 },
    );
  });

  it('one byte changed anywhere: a message or a refusal', () => {
    fc.assert(
      fc.property(uplink, fc.nat(), fc.nat(255), (u, at, byte) => {
        const bent = Uint8Array.from(inProtobuf(u));
        bent[at % bent.length] = byte;
        readOr('chirpstack', 'up', bent);
      }),
      { numRuns: 2000 },
    );
  });
});
