import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DOORS, KINDS, readUplinks, type Uplink, UplinkWriter } from './uplink.ts';

const text = fc.string({ maxLength: 60, unit: 'grapheme' }).filter((s) => Buffer.byteLength(s) <= 255);
const anyUplink: fc.Arbitrary<Uplink> = fc.record({
  device: text,
  owner: text,
  session: text,
  identity: text,
  kind: fc.constantFrom(...KINDS),
  door: fc.constantFrom(...DOORS),
  receivedAt: fc.integer({ min: 0, max: 8.64e15 }),
  qos: fc.constantFrom(0, 1, 2),
  dup: fc.boolean(),
  packetId: fc.nat({ max: 0xffff }),
  connection: fc.maxSafeNat(),
  payload: fc.uint8Array({ maxLength: 400 }),
});

function plain(uplink: Uplink): Uplink {
  return { ...uplink, payload: Uint8Array.from(uplink.payload) };
}

test('uplinks come back as they were written, any part of a block', () => {
  fc.assert(
    fc.property(fc.array(anyUplink, { maxLength: 20 }), fc.nat(20), fc.nat(20), (uplinks, a, b) => {
      const writer = new UplinkWriter(16);
      for (const uplink of uplinks) writer.push(uplink);
      expect(writer.count).toBe(uplinks.length);
      const body = writer.take();
      const [from, to] = [Math.min(a, b, uplinks.length), Math.min(Math.max(a, b), uplinks.length)];
      expect(readUplinks(body, from, to).map(plain)).toEqual(uplinks.slice(from, to).map(plain));
    }),
  );
});

test('a text over 255 bytes is refused, and the block before it stays whole', () => {
  const writer = new UplinkWriter();
  const uplink: Uplink = {
    device: 'd',
    owner: '',
    session: '',
    identity: '',
    kind: 'readings',
    door: 'mqtt',
    receivedAt: 1,
    qos: 1,
    dup: false,
    packetId: 1,
    connection: 1,
    payload: Buffer.from('{}'),
  };
  writer.push(uplink);
  expect(() => writer.push({ ...uplink, identity: 'ø'.repeat(128) })).toThrow(RangeError);
  writer.push({ ...uplink, device: 'e' });
  expect(readUplinks(writer.take(), 0, 2).map((u) => u.device)).toEqual(['d', 'e']);
});
