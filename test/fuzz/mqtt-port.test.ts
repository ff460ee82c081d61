/**
 * No input to the MQTT port crashes the process: random bytes, random and mutated packets, malformed CONNECT, PUBLISH and
 * SUBSCRIBE, all cut anywhere. Meanwhile a well-behaved client keeps publishing, and everything it was promised is there.
 */
import { connect } from 'node:net';
import fc from 'fast-check';
import mqtt, { type Packet } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness } from '../../services/stages/ingest/testing/harness.ts';
import { connectOf, type RawClient } from '../../services/stages/ingest/testing/raw-client.ts';

const RUNS = 100;
/** Attacks of one run, one connection each. */
const ATTACKS = 8;

let h: Harness;
let good: RawClient;
let promised = 0;
let publishing = true;
let publisher: Promise<void>;
const crashes: unknown[] = [];
const crashed = (error: unknown): void => {
  crashes.push(error);
};

beforeAll(async () => {
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);
  h = await Harness.start({ limits: { deviceRate: 'off', connectMs: 300, drainMs: 300 } });
  h.registry.device('good');
  good = await h.connected({ clientId: 'good', username: 'good', password: Buffer.from('secret-good') });
  publisher = (async () => {
    while (publishing) {
      await good.publish('devices/good/readings', `{"n":${promised}}`, (promised % 65_535) + 1);
      promised++;
    }
  })();
});

afterAll(async () => {
  publishing = false;
  await publisher;
  await h[Symbol.asyncDispose]();
  process.off('uncaughtException', crashed);
  process.off('unhandledRejection', crashed);
});

/** Sends the bytes in pieces on a connection of its own; resolves when it is closed or nothing more comes of it. */
function attack(pieces: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: h.port, noDelay: true });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.on('data', () => {});
    for (const piece of pieces) socket.write(piece);
    socket.end();
  });
}

/** Bytes cut at any places. */
const cut = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array[]> =>
  fc.tuple(bytes, fc.array(fc.nat(), { maxLength: 3 })).map(([all, places]) => {
    const at = [0, ...places.map((p) => p % (all.length + 1)).toSorted((a, b) => a - b), all.length];
    return at.slice(1).map((end, i) => all.subarray(at[i], end));
  });

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'devices/d1/readings',
    'devices/d1/status',
    'devices/d1/commands',
    '#',
    '+/+',
    '$SYS/#',
    '',
    '__proto__',
  ),
);
const id = fc.nat({ max: 65_535 });
const qos = fc.constantFrom(0, 1, 2) as fc.Arbitrary<0 | 1 | 2>;

const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    cmd: fc.constant('publish' as const),
    topic: text,
    payload: fc.uint8Array({ maxLength: 200 }).map((b) => Buffer.from(b)),
    qos,
    messageId: id,
    dup: fc.boolean(),
    retain: fc.boolean(),
  }),
  fc.record({
    cmd: fc.constant('subscribe' as const),
    messageId: id,
    subscriptions: fc.array(fc.record({ topic: text, qos }), { minLength: 1, maxLength: 20 }),
  }),
  fc.record({
    cmd: fc.constant('unsubscribe' as const),
    messageId: id,
    unsubscriptions: fc.array(text, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), messageId: id }) as fc.Arbitrary<Packet>,
  fc.constantFrom<Packet>({ cmd: 'pingreq' }, { cmd: 'disconnect' }, { cmd: 'pingresp' }),
  fc.record({ cmd: fc.constant('connack' as const), returnCode: fc.nat(255), sessionPresent: fc.boolean() }),
);

/** mqtt-packet refuses to write some of what we ask for; then there is nothing to send. */
function written(p: Packet): Buffer {
  try {
    return mqtt.generate(p);
  } catch {
    return Buffer.alloc(0);
  }
}

const login = mqtt.generate(connectOf({ clean: false, clientId: 'fuzz' }));
const packets = fc.array(packet, { minLength: 1, maxLength: 12 }).map((list) => Buffer.concat(list.map(written)));

/** Some bytes of it overwritten. */
const mutated = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(bytes, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }))
    .map(([original, changes]) => {
      const copy = Buffer.from(original);
      for (const [place, value] of changes) if (copy.length > 0) copy[place % copy.length] = value;
      return copy;
    });

const withLogin = (bytes: fc.Arbitrary<Uint8Array>) => bytes.map((b) => Buffer.concat([login, b]));
const connects = fc
  .record(
    {
      clientId: text,
      clean: fc.boolean(),
      keepalive: id,
      username: text,
      password: fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b)),
      will: fc.record({ topic: text, payload: fc.constant(Buffer.from('x')), qos, retain: fc.boolean() }),
    },
    { requiredKeys: [] },
  )
  .map((options) => written(connectOf(options)));

async function survives(attacks: fc.Arbitrary<Uint8Array>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(cut(attacks), { minLength: 1, maxLength: ATTACKS }), async (several) => {
      const before = promised;
      await Promise.all(several.map(attack));
      expect(crashes).toEqual([]);
      await expect.poll(() => promised, { interval: 1 }).toBeGreaterThan(before); // the good client goes on
    }),
    { numRuns: RUNS },
  );
}

describe('the port survives', () => {
  test('random bytes', () => survives(fc.uint8Array({ maxLength: 500 })));
  test('random bytes behind a good CONNECT', () => survives(withLogin(fc.uint8Array({ maxLength: 500 }))));
  test('CONNECTs with anything in them', () => survives(connects));
  test('mutated CONNECTs', () => survives(mutated(fc.constant(login))));
  test('packets with anything in them', () => survives(withLogin(packets)));
  test('mutated packets', () => survives(withLogin(mutated(packets))));

  test('and in the end every connection is gone, and everything promised is there', async () => {
    publishing = false;
    await publisher;
    const stored = (await h.uplinks()).filter((u) => u.device === 'good').map((u) => u.text);
    expect(stored).toEqual(Array.from({ length: promised }, (_, n) => `{"n":${n}}`));
    await expect.poll(() => h.ingest.connections()).toMatchObject({ open: 1, halfOpen: 0, waiting: 0 });
  });
});
