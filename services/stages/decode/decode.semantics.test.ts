/** What semantics.md says of decode, paragraph by paragraph. */
import { describe, expect, it } from 'vitest';
import { type Catalogue, createCatalogue, catalogue as shipped } from '../../knowledge/catalogue/catalogue.ts';
import type { DerivedQuantity } from '../../model/catalogue.ts';
import { Unavailable } from '../../model/errors.ts';
import { DAY, DecodeWorld, type Given, HOUR, lines, MINUTE, NOW, whole } from './testing/decode-world.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const bin = { emptyDistance: 1500, fullDistance: 300 };

function world(type?: string, attributes?: Record<string, number>): DecodeWorld {
  const w = new DecodeWorld();
  w.simple(type, attributes);
  return w;
}

/** The catalogue with a bug: what is derived from a distance fails at one value. */
function failingAt(distance: number): Catalogue {
  const assetTypes = shipped.assetTypes.map((type) => ({
    ...type,
    derived: type.derived.map((d): DerivedQuantity => {
      const formula: DerivedQuantity['formula'] = (value, ...rest) => {
        if (value === distance) throw new TypeError('a bug');
        return value === 700 ? undefined : d.formula(value, ...rest);
      };
      return { ...d, formula };
    }),
  }));
  return createCatalogue({ ...shipped, assetTypes });
}

describe('semantics: Ledger', () => {
  it('an uplink is decoded or rejected, and its values are counted', async () => {
    const w = world();
    await w.send(
      { payload: { fillingLevel: 10, temperature: 4 } },
      { payload: '{' },
      { kind: 'status', payload: 'online' },
    );
    expect(w.counts()).toEqual({ decoded: 2, rejected: 1, redelivered: 0, partialRejects: 0, values: 2 });
  });

  it('a batch with good and bad items is decoded, and its bad items are one partial reject', async () => {
    const w = world();
    const { readings, rejects } = await w.send({
      payload: [{ fillingLevel: 10 }, { fillingLevel: 'full' }, { colour: 3 }, 7, { temperature: 4, tilted: 9 }],
    });
    expect(lines(readings)).toEqual(['fillingLevel 10', 'temperature 4']);
    expect(rejects).toMatchObject([{ uplink: 0, partial: true, reason: 'invalid-value', revision: 0 }]);
    expect(rejects[0]!.detail).toContain('item 2');
    expect(rejects[0]!.detail).toContain('item 3');
    expect(rejects[0]!.detail).toContain('item 4');
    expect(w.counts()).toMatchObject({ decoded: 1, rejected: 0, partialRejects: 1, values: 2 });
  });

  it('a bad record of a SenML pack leaves those after it alone', async () => {
    const w = world();
    const { readings, rejects } = await w.send({
      payload: [
        { n: 'temperature', v: 1 },
        { n: '%', v: 1 },
        { n: 'fillingLevel', vd: 'aGk' },
        { n: 'batteryVoltage', v: 3 },
      ],
    });
    expect(lines(readings)).toEqual(['temperature 1', 'batteryVoltage 3']);
    expect(rejects).toMatchObject([{ partial: true, reason: 'malformed-senml' }]);
  });

  it('uplinks count for the owner they were accepted for, values for the owner of the asset', async () => {
    const w = new DecodeWorld();
    w.asset({ id: 'a', owner: 'forsyning' });
    w.device({ id: 'd', asset: 'a' });
    await w.send({ payload: { fillingLevel: 10 } }, { owner: 'constructor', payload: '{' });
    expect(w.counts()).toMatchObject({ decoded: 1, values: 0 });
    expect(w.counts('forsyning')).toMatchObject({ decoded: 0, values: 1 });
    expect(w.counts('constructor')).toMatchObject({ rejected: 1 });
  });

  it('counts go on after a restart', async () => {
    const w = world();
    await w.send({ payload: { fillingLevel: 10 } });
    await w.restart();
    await w.send({ payload: { fillingLevel: 11 } });
    expect(w.counts()).toMatchObject({ decoded: 2, values: 2 });
  });

  it('a tick passes through and counts nothing', async () => {
    const w = world();
    const { ticks, outputs } = await w.tick(NOW + 10_000);
    expect(ticks).toEqual([NOW + 10_000]);
    expect(outputs).toMatchObject([{ stream: 'readings', count: 0, at: NOW + 10_000 }]);
    expect(w.counts()).toBeUndefined();
  });

  it('values name the offset of their uplink, and their block the newest receipt', async () => {
    const w = world();
    await w.send({ payload: { fillingLevel: 1 } });
    const { readings, outputs } = await w.send({ payload: '{' }, { payload: { fillingLevel: 2 }, receivedAt: NOW + 5 });
    expect(readings).toMatchObject([{ uplink: 2, revision: 0, received: NOW + 5 }]);
    expect(outputs.map((o) => [o.stream, o.at])).toEqual([
      ['rejects', NOW + 5],
      ['readings', NOW + 5],
    ]);
  });

  it('replaying a reject moves one from rejected to decoded, with the offset it had', async () => {
    const w = new DecodeWorld();
    const first = await w.send({ payload: { fillingLevel: 10 }, owner: '' });
    expect(first.rejects).toMatchObject([{ reason: 'unknown-device', revision: 0, partial: false }]);
    w.simple();
    w.now += HOUR;
    await w.tick();
    const order = { kind: 'replay' as const, uplink: 0, revision: 1, record: first.rejects[0]!.record };
    const { readings, settled, rejects } = await w.order(order);
    expect(readings).toMatchObject([{ uplink: 0, revision: 1, received: NOW, time: NOW, value: 10, marks: [] }]);
    expect(settled).toEqual([0]);
    expect(rejects).toEqual([]);
    expect(w.counts('')).toMatchObject({ decoded: 1, rejected: 0 });
    expect(w.counts()).toMatchObject({ values: 1 });
  });

  it('the same replay twice moves one once, also over a restart', async () => {
    const w = new DecodeWorld();
    const { rejects } = await w.send({ payload: { fillingLevel: 10 } });
    w.simple();
    const order = { kind: 'replay' as const, uplink: 0, revision: 1, record: rejects[0]!.record };
    await w.order(order, order);
    await w.restart();
    const again = await w.order(order, { ...order, revision: 2 });
    expect(again.outputs).toEqual([]);
    expect(w.counts()).toMatchObject({ decoded: 1, rejected: 0, values: 1 });
  });

  it('a replay in vain is rejected again and counts nothing', async () => {
    const w = world();
    const { rejects } = await w.send({ payload: '{' });
    const again = await w.order({ kind: 'replay', uplink: 0, revision: 1, record: rejects[0]!.record });
    expect(again.rejects).toMatchObject([{ uplink: 0, reason: 'malformed-json', revision: 1, partial: false }]);
    expect(w.counts()).toMatchObject({ decoded: 0, rejected: 1 });
  });

  it('replaying a partial reject leaves decoded as it is', async () => {
    const w = world('waste-container');
    w.device({ id: 'd', asset: 'a', model: 'generic-json' });
    const { rejects } = await w.send({ payload: { fillingLevel: 10, temperature: 'cold' } });
    const record = rejects[0]!.record;
    const again = await w.order({ kind: 'replay', uplink: 0, revision: 1, record, partial: true });
    expect(again.rejects).toMatchObject([{ partial: true, revision: 1 }]);
    expect(w.counts()).toMatchObject({ decoded: 1, rejected: 0, partialRejects: 1 });
  });

  it.each([
    ['at once', 0],
    ['later', HOUR],
  ])(
    'replaying a partial reject %s gives the same keys again: duplicates to the store, nothing new',
    async (_, later) => {
      const w = world();
      // None has a time of its own, and the device has sent before within the same millisecond.
      await w.send({ payload: { fillingLevel: 5 } });
      const payload = [{ fillingLevel: 10 }, { temperature: 'cold' }, { fillingLevel: 30 }];
      const first = await w.send({ payload });
      if (later > 0) await w.tick(NOW + later);
      const { record } = first.rejects[0]!;
      const again = await w.order({ kind: 'replay', uplink: 1, revision: 1, record, partial: true });
      const keys = (g: Given) => g.readings.map((r) => [r.quantity, r.time, r.value, r.uplink]);
      expect(keys(again)).toEqual(keys(first));
      expect(again.readings.map((r) => r.revision)).toEqual([1, 1]);
      // What decode gave is what the store will count: both attempts, the second as duplicates.
      expect(w.counts()).toEqual({ decoded: 2, rejected: 0, redelivered: 0, partialRejects: 1, values: 5 });
    },
  );

  it('replayed messages without time do not take the place of each other', async () => {
    const w = new DecodeWorld();
    const { rejects } = await w.send({ payload: { fillingLevel: 5 } }, { payload: { fillingLevel: 7 } });
    w.simple();
    await w.tick(NOW + HOUR);
    // Once in vain, which must not forget it.
    w.device({ id: 'd' });
    const replay = (revision: number, record: string, uplink: number) =>
      w.order({ kind: 'replay', uplink, revision, record });
    const failed = await replay(1, rejects[1]!.record, 1);
    w.simple();
    const [first, second] = [await replay(1, rejects[0]!.record, 0), await replay(2, failed.rejects[0]!.record, 1)];
    expect([first.readings[0]!.time, second.readings[0]!.time]).toEqual([NOW, NOW + 1]);
  });

  it('a value replayed more than a day after its receipt is history to the rules', async () => {
    const w = new DecodeWorld();
    const { rejects } = await w.send({ payload: { fillingLevel: 10 } });
    w.simple();
    await w.tick(NOW + 2 * DAY);
    const { readings } = await w.order({ kind: 'replay', uplink: 0, revision: 1, record: rejects[0]!.record });
    expect(lines(readings)).toEqual(['fillingLevel 10 history']);
  });
});

describe('semantics: Identity', () => {
  const timeless = { payload: { fillingLevel: 10 }, session: 's', packetId: 7, qos: 1 as const };

  it('a message without time that comes again on a later connection counts once', async () => {
    const w = world();
    await w.send({ ...timeless, connection: 1 });
    const { readings, rejects } = await w.send({ ...timeless, connection: 2 });
    expect([readings, rejects]).toEqual([[], []]);
    expect(w.counts()).toMatchObject({ decoded: 2, redelivered: 1, values: 1 });
  });

  it('so does one that says it comes again', async () => {
    const w = world();
    await w.send(timeless, { ...timeless, dup: true });
    expect(w.counts()).toMatchObject({ decoded: 2, redelivered: 1, values: 1 });
  });

  it('without a session only DUP tells: packet ids begin anew on each connection', async () => {
    const w = world();
    const clean = { ...timeless, session: '' };
    await w.send({ ...clean, connection: 1 });
    await w.send({ ...clean, connection: 1, dup: true }, { ...clean, connection: 2, dup: true });
    expect(w.counts()).toMatchObject({ decoded: 3, redelivered: 2, values: 1 });
    await w.send({ ...clean, connection: 3 });
    expect(w.counts()).toMatchObject({ redelivered: 2, values: 2 });
  });

  it('on the same connection and without DUP it is a new measurement', async () => {
    const w = world();
    await w.send(timeless, timeless);
    expect(w.counts()).toMatchObject({ redelivered: 0, values: 2 });
  });

  it.each([
    ['another packet id', { packetId: 8 }],
    ['another payload', { payload: { fillingLevel: 11 } }],
    ['another session', { session: 't' }],
    ['no session', { session: '' }],
    ['QoS 0', { qos: 0 as const }],
    ['more than ten minutes later', { receivedAt: NOW + 10 * MINUTE + 1 }],
  ])('%s makes it another', async (_, change) => {
    const w = world();
    await w.send({ ...timeless, connection: 1 });
    await w.send({ ...timeless, connection: 2, dup: true, ...change });
    expect(w.counts()).toMatchObject({ redelivered: 0, values: 2 });
  });

  it('the memory survives restarts', async () => {
    const w = world();
    for (let i = 0; i < 600; i++) await w.send({ ...timeless, packetId: i });
    await w.restart();
    for (let i = 0; i < 600; i++) await w.send({ ...timeless, packetId: i, connection: 2 });
    expect(w.counts()).toMatchObject({ decoded: 1200, redelivered: 600, values: 600 });
  });

  it('and is forgotten once it is of no use', async () => {
    const w = world();
    for (let i = 0; i < 600; i++) await w.send({ ...timeless, packetId: i });
    const keys = () => [...w.state.keys()].filter((k) => k.startsWith('seen/')).length;
    const before = keys();
    await w.send({ ...timeless, receivedAt: NOW + HOUR });
    expect(before).toBe(3);
    expect(keys()).toBe(1);
  });

  it('the memory is bounded', async () => {
    const w = new DecodeWorld({ redeliveryMemory: 300 });
    w.simple();
    for (let i = 0; i < 3000; i++) await w.send({ ...timeless, packetId: i });
    const bytes = [...w.state].filter(([k]) => k.startsWith('seen/')).reduce((sum, [, v]) => sum + v.byteLength, 0);
    expect(bytes).toBeLessThanOrEqual((2 * 300 + 256) * 24);
  });

  it('a message with a time is left to the store', async () => {
    const w = world();
    const timed = { ...timeless, payload: { time: iso(NOW), fillingLevel: 10 } };
    await w.send({ ...timed, connection: 1 });
    await w.send({ ...timed, connection: 2 });
    expect(w.counts()).toMatchObject({ redelivered: 0, values: 2 });
  });

  it('a time relative to the receipt is none', async () => {
    const w = world();
    const relative = { ...timeless, payload: [{ n: 'temperature', t: -60, v: 4 }] };
    await w.send({ ...relative, connection: 1 });
    const { readings } = await w.send({ ...relative, connection: 2 });
    expect(readings).toEqual([]);
  });

  it('what was rejected is not rejected again', async () => {
    const w = world();
    for (const connection of [1, 2]) await w.send({ ...timeless, payload: '{', connection });
    for (const connection of [1, 2]) await w.send({ ...timeless, device: 'nobody', connection });
    expect(w.counts()).toMatchObject({ rejected: 2, decoded: 2, redelivered: 2 });
  });

  it('an Idempotency-Key counts once for a day, whatever the payload', async () => {
    const w = world();
    const http = { door: 'http' as const, qos: 0 as const, identity: 'k-1' };
    await w.send({ ...http, payload: { fillingLevel: 1 } });
    await w.restart();
    await w.send({ ...http, payload: { fillingLevel: 2 }, receivedAt: NOW + 23 * HOUR });
    expect(w.counts()).toMatchObject({ decoded: 2, redelivered: 1, values: 1 });
    w.device({ id: 'e', asset: 'a' });
    await w.send({ ...http, device: 'e', payload: { temperature: 2 } });
    await w.send({ ...http, payload: { fillingLevel: 3 }, receivedAt: NOW + 25 * HOUR });
    expect(w.counts()).toMatchObject({ redelivered: 1, values: 3 });
  });
});

describe('semantics: Key of a value', () => {
  it('a channel follows a dot', async () => {
    const w = world('traffic-counter');
    const { readings } = await w.send({
      payload: { 'vehicleCount.north': 3, 'vehicleCount.south': 4, vehicleCount: 7 },
    });
    expect(lines(readings)).toEqual(['vehicleCount.north 3', 'vehicleCount.south 4', 'vehicleCount 7']);
  });

  it('a channel has one spelling: no other way to write its number, no empty or further part', async () => {
    const w = world();
    const wrong = ['temperature.02', 'temperature.00', 'temperature.', 'temperature..2', 'temperature.2.', '.2'];
    const { readings, rejects } = await w.send({
      payload: Object.fromEntries([...wrong, 'temperature.2', 'temperature.0', 'temperature.0a'].map((k) => [k, 1])),
    });
    expect(lines(readings)).toEqual(['temperature.2 1', 'temperature.0 1', 'temperature.0a 1']);
    expect(rejects).toEqual([]);
    expect(
      w.decode
        .report('d')!
        .unknownKeys.map((k) => k.key)
        .sort(),
    ).toEqual(wrong.sort());
  });

  it('the values of the device that was bound later are rejected, the others kept', async () => {
    const w = world();
    w.device({ id: 'e', asset: 'a', registeredAt: NOW - HOUR });
    await w.send({ payload: { fillingLevel: 10 } });
    const { readings, rejects } = await w.send(
      { device: 'e', payload: { fillingLevel: 11, temperature: 4 } },
      { device: 'e', payload: { fillingLevel: 12 } },
      { device: 'd', payload: { fillingLevel: 13 } },
    );
    expect(lines(readings)).toEqual(['temperature 4', 'fillingLevel 13']);
    expect(rejects).toMatchObject([
      { uplink: 1, reason: 'quantity-taken', partial: true },
      { uplink: 2, reason: 'quantity-taken', partial: false },
    ]);
  });

  it('also after a restart, and whoever spoke first', async () => {
    const w = world();
    w.device({ id: 'e', asset: 'a', registeredAt: NOW - HOUR });
    const before = await w.send({ device: 'e', payload: { fillingLevel: 11 } }, { payload: { fillingLevel: 10 } });
    expect(before.readings).toHaveLength(2);
    await w.restart();
    const { rejects } = await w.send({ device: 'e', payload: { fillingLevel: 12 } });
    expect(rejects).toMatchObject([{ reason: 'quantity-taken' }]);
  });

  it('another channel, and another time of binding, is no conflict', async () => {
    const w = world();
    w.device({
      id: 'd',
      assignments: [{ asset: 'a', from: NOW - DAY, to: NOW - HOUR }],
    });
    w.device({ id: 'e', asset: 'a', registeredAt: NOW - HOUR });
    const { readings, rejects } = await w.send(
      { payload: { time: iso(NOW - 2 * HOUR), fillingLevel: 10 } },
      { device: 'e', payload: { fillingLevel: 11, 'fillingLevel.2': 5 } },
    );
    expect(rejects).toEqual([]);
    expect(readings).toHaveLength(3);
  });

  it('what is derived counts as reported', async () => {
    const w = world('waste-container', bin);
    w.device({ id: 'e', asset: 'a', registeredAt: NOW - HOUR });
    await w.send({ payload: { distance: 600 } });
    const { rejects } = await w.send({ device: 'e', payload: { fillingLevel: 12 } });
    expect(rejects).toMatchObject([{ reason: 'quantity-taken' }]);
  });

  it('a value belongs to the asset the device was bound to at its time', async () => {
    const w = new DecodeWorld();
    w.asset({ id: 'old', owner: 'forsyning' });
    w.asset({ id: 'new' });
    w.device({
      id: 'd',
      assignments: [
        { asset: 'old', from: NOW - 10 * DAY, to: NOW - 2 * DAY },
        { asset: 'new', from: NOW - DAY },
      ],
    });
    const at = (ms: number) => ({ time: iso(NOW - ms), fillingLevel: 1 });
    const { readings, rejects } = await w.send({ payload: [at(0), at(1.5 * DAY), at(3 * DAY), at(30 * DAY)] });
    expect(readings.map((r) => r.asset)).toEqual(['new', 'old', 'old']);
    expect(rejects).toMatchObject([{ reason: 'device-unassigned', partial: true }]);
    expect(w.counts('forsyning')).toMatchObject({ values: 2 });
    expect(w.counts()).toMatchObject({ values: 1, decoded: 1 });
  });
});

describe('semantics: Time', () => {
  const one = async (time: unknown, more: object = {}, receivedAt = NOW) => {
    const w = world();
    const { readings, rejects } = await w.send({ payload: { time, fillingLevel: 1 }, receivedAt, ...more });
    return { row: readings[0], rejects };
  };

  it.each([
    ['now', NOW, NOW, []],
    ['5 minutes ahead', NOW + 5 * MINUTE, NOW + 5 * MINUTE, []],
    ['more than 5 minutes ahead', NOW + 5 * MINUTE + 1, NOW, ['clock']],
    ['in 2106', Date.UTC(2106, 0, 1), NOW, ['clock']],
    ['before 2000', Date.UTC(1970, 0, 1), NOW, ['clock']],
    ['a year before the device was registered', NOW - DAY - 365 * DAY, NOW - 366 * DAY, ['late']],
    ['more than a year before the device was registered', NOW - DAY - 365 * DAY - 1, NOW, ['clock']],
    ['24 h ago', NOW - DAY, NOW - DAY, []],
    ['more than 24 h ago', NOW - DAY - 1, NOW - DAY - 1, ['late']],
  ])('%s', async (_, time, expected, marks) => {
    const { row } = await one(time);
    expect(row).toMatchObject({ time: expected, received: NOW, marks });
    expect((await one(iso(time))).row).toMatchObject({ time: expected, marks });
  });

  it('history entered by an operator is not late, and no matter of a clock', async () => {
    const { row } = await one(iso(NOW - 500 * DAY), { kind: 'import', door: 'http' });
    expect(row).toMatchObject({ time: NOW - 500 * DAY, marks: ['history'] });
  });

  it('without a time the receipt counts', async () => {
    const { row } = await one(undefined);
    expect(row).toMatchObject({ time: NOW, marks: [] });
  });

  it('ages are judged at receipt, however late decode comes', async () => {
    const w = world();
    await w.tick(NOW + 10 * DAY);
    const { readings } = await w.send({ payload: { time: NOW - HOUR, fillingLevel: 1 }, receivedAt: NOW });
    expect(readings[0]).toMatchObject({ marks: [] });
  });

  it('marks are independent of each other', async () => {
    const w = world();
    const { readings } = await w.send({ payload: { time: iso(NOW - 2 * DAY), temperature: 900 } });
    expect(lines(readings)).toEqual(['temperature 900 late suspect']);
  });

  it.each([['2026-11-23T12:00:00'], ['yesterday'], [1.5], [null], [true], [''], ['2026-02-30T00:00:00Z']])(
    '%j is no time',
    async (time) => {
      const { rejects } = await one(time);
      expect(rejects).toMatchObject([{ reason: 'invalid-time' }]);
    },
  );
});

describe('semantics: Values', () => {
  const decode = async (type: string, payload: unknown) => {
    const w = world(type);
    const { readings, rejects } = await w.send({ payload });
    return { lines: lines(readings), reasons: rejects.map((r) => r.reason) };
  };

  it.each([
    ['name', 'removed', 1],
    ['number', 1, 1],
    ['true', true, 0],
    ['false', false, 1],
  ])('a state as %s', async (_, sent, value) => {
    expect(await decode('rescue-ring', { holderState: sent })).toEqual({
      lines: [`holderState ${value}`],
      reasons: [],
    });
  });

  it.each([
    ['an unknown name', '{"holderState":"gone"}'],
    ['a number that is no state', '{"holderState":2}'],
    ['half a state', '{"holderState":0.5}'],
    ['a boolean where none is meant', '{"surfaceState":true}'],
    ['a text', '{"fillingLevel":"73.5"}'],
    ['null', '{"fillingLevel":null}'],
    ['a boolean for a number', '{"fillingLevel":true}'],
    ['an object', '{"fillingLevel":{"value":3}}'],
    ['an array', '{"fillingLevel":[3]}'],
    ['infinity', '{"fillingLevel":1e999}'],
    ['an integer above 2^53', '{"energy":9007199254740993}'],
  ])('%s is refused', async (_, payload) => {
    expect(await decode('rescue-ring', payload)).toEqual({ lines: [], reasons: ['invalid-value'] });
  });

  it('NaN is no JSON', async () => {
    expect((await decode('rescue-ring', '{"fillingLevel":NaN}')).reasons).toEqual(['malformed-json']);
  });

  it('outside the hard range a value is suspect, a little outside it is moved to the edge', async () => {
    const { lines: got } = await decode('waste-container', [
      { fillingLevel: 104 },
      { fillingLevel: -10 },
      { fillingLevel: 111 },
      { temperature: 85 },
      { temperature: 151 },
    ]);
    expect(got).toEqual([
      'fillingLevel 100',
      'fillingLevel 0',
      'fillingLevel 111 suspect',
      'temperature 85',
      'temperature 151 suspect',
    ]);
  });

  it('units come from the device model', async () => {
    const w = world();
    w.device({ id: 'd', asset: 'a', model: 'generic-distance-cm' });
    w.device({ id: 'f', asset: 'b', model: 'generic-filling-fraction' });
    w.asset({ id: 'b' });
    const { readings } = await w.send(
      { payload: { distance_cm: 81, battery_mv: 3600 } },
      { device: 'f', payload: { fillingLevel: 0.9 } },
    );
    expect(lines(readings)).toEqual(['distance 810', 'batteryVoltage 3.6', 'fillingLevel 90']);
  });

  it('minus zero is zero', async () => {
    const w = world();
    const { readings } = await w.send({ payload: '{"temperature":-0}' });
    expect(Object.is(readings[0]!.value, 0)).toBe(true);
  });
});

describe('semantics: Derived values', () => {
  it('are computed beside the raw ones and share channel, time and marks', async () => {
    const w = world('waste-container', bin);
    const { readings } = await w.send({ payload: { time: iso(NOW - 2 * DAY), distance: 600, 'distance.2': 900 } });
    expect(lines(readings)).toEqual([
      'distance 600 late',
      'distance.2 900 late',
      'fillingLevel 75 late',
      'fillingLevel.2 50 late',
    ]);
    expect(w.counts()).toMatchObject({ values: 4 });
  });

  it('use the attributes valid at the time of the value', async () => {
    const w = new DecodeWorld();
    w.asset({
      id: 'a',
      attributes: {
        emptyDistance: [
          { from: NOW - 3 * HOUR, value: 1500 },
          { from: NOW - HOUR, value: 1000 },
        ],
        fullDistance: [{ from: 0, value: 0 }],
      },
    });
    w.device({ id: 'd', asset: 'a' });
    const at = (ms: number) => ({ time: NOW - ms, distance: 750 });
    const { readings } = await w.send({ payload: [at(4 * HOUR), at(2 * HOUR), at(HOUR), at(0)] });
    expect(lines(readings.filter((r) => r.quantity === 'fillingLevel'))).toEqual([
      'fillingLevel 50',
      'fillingLevel 25',
      'fillingLevel 25',
    ]);
  });

  it('are left out where an attribute is missing', async () => {
    const w = world('waste-container', { emptyDistance: 1500 });
    const { readings, rejects } = await w.send({ payload: { distance: 600 } });
    expect([lines(readings), rejects]).toEqual([['distance 600'], []]);
  });

  it('are left out where the device says it itself', async () => {
    const w = world('waste-container', bin);
    const { readings } = await w.send({ payload: { distance: 600, fillingLevel: 70 } });
    expect(lines(readings)).toEqual(['distance 600', 'fillingLevel 70']);
  });

  it('may need another value of the record', async () => {
    const w = world('road-weather');
    const { readings } = await w.send({ payload: [{ temperature: 20, relativeHumidity: 100 }, { temperature: 20 }] });
    expect(lines(readings)).toEqual(['temperature 20', 'relativeHumidity 100', 'dewPoint 20', 'temperature 20']);
  });

  it('are as suspect as what they come from', async () => {
    const w = world('waste-container', bin);
    const { readings } = await w.send({ payload: { distance: 25_000 } });
    expect(lines(readings)).toEqual([
      'distance 25000 suspect',
      `fillingLevel ${Math.round((1e6 * 100 * -23500) / 1200) / 1e6} suspect`,
    ]);
  });

  it('are derived again after a correction: history to the rules, and newer than all before', async () => {
    const w = world('waste-container', bin);
    w.stored = (
      await w.send({
        payload: [
          { time: NOW - 2 * HOUR, distance: 600 },
          { time: NOW - HOUR, distance: 900 },
        ],
      })
    ).readings;
    w.asset({
      id: 'a',
      attributes: { emptyDistance: [{ from: 0, value: 1200 }], fullDistance: [{ from: 0, value: 200 }] },
    });
    const { readings } = await w.order({ kind: 'derive', asset: 'a', from: NOW - DAY, to: NOW });
    expect(lines(readings)).toEqual(['fillingLevel 60 history', 'fillingLevel 30 history']);
    expect(readings).toMatchObject([
      { uplink: 0, revision: 1, time: NOW - 2 * HOUR },
      { uplink: 0, revision: 1 },
    ]);
    expect(w.counts()).toMatchObject({ values: 6 });
    const again = await w.order({ kind: 'derive', asset: 'a', from: NOW - DAY, to: NOW });
    expect(again.readings[0]!.revision).toBe(2);
  });

  it('that can no longer be computed are retracted', async () => {
    const w = world('waste-container', bin);
    w.stored = (await w.send({ payload: { distance: 600 } })).readings;
    w.asset({ id: 'a', attributes: {} });
    const { retractions, readings } = await w.order({ kind: 'derive', asset: 'a', from: 0, to: NOW + 1 });
    expect(readings).toEqual([]);
    expect(retractions).toMatchObject([{ asset: 'a', quantity: 'fillingLevel', time: NOW, uplink: 0, revision: 1 }]);
  });

  it('are not derived over what a device said itself', async () => {
    const w = world('waste-container', bin);
    w.stored = (await w.send({ payload: { distance: 600, fillingLevel: 70 } })).readings;
    const { outputs } = await w.order({ kind: 'derive', asset: 'a', from: 0, to: NOW + 1 });
    expect(outputs).toEqual([]);
  });

  it('wait for the store without holding anything up, and go on after a restart', async () => {
    const w = world('waste-container', bin);
    w.stored = (await w.send({ payload: { distance: 600 } })).readings;
    w.storedTo = 0;
    const ordered = await w.order({ kind: 'derive', asset: 'a', from: 0, to: NOW + 1 });
    expect(ordered.readings).toEqual([]);
    const beside = await w.send({ payload: { time: NOW, distance: 900 } });
    expect(lines(beside.readings)).toEqual(['distance 900', 'fillingLevel 50']);
    await w.restart();
    w.storedTo = 2;
    const { readings } = await w.tick(NOW + 10_000);
    expect(lines(readings)).toEqual(['fillingLevel 75 history']);
    expect([...w.state.keys()].filter((k) => k.startsWith('derive/'))).toEqual([]);
  });

  it('of a formula that fails half-way leave nothing behind, so that the books balance', async () => {
    const w = new DecodeWorld({ catalogue: failingAt(900) });
    w.simple('waste-container', bin);
    const sent = await w.send(...[600, 700].map((distance, i) => ({ payload: { time: NOW - i * 1000, distance } })));
    w.stored = [...sent.readings, { ...sent.readings[0]!, time: NOW + 1000, value: 900 }];
    const before = w.counts();
    const { readings, retractions } = await w.order({ kind: 'derive', asset: 'a', from: 0, to: NOW + 1 });
    expect([readings, retractions]).toEqual([[], []]);
    expect(w.counts()).toEqual(before);
    expect(w.alerts.list()).toMatchObject([{ name: 'derive-failed' }]);
  });

  it('of a long period come in chunks, each once', async () => {
    const w = world('road-weather');
    const row = (quantity: string, i: number, value: number) => ({
      ...{ asset: 'a', quantity, owner: 'skovby', received: NOW, uplink: 0, revision: 0, marks: [] },
      ...{ time: NOW - i * MINUTE, value },
    });
    for (let i = 0; i < 12_000; i++) w.stored.push(row('temperature', i, 10), row('relativeHumidity', i, 100));
    await w.send({ payload: { temperature: 10 } });
    const given = [await w.order({ kind: 'derive', asset: 'a', from: 0, to: NOW + 1 })];
    while ([...w.state.keys()].some((k) => k.startsWith('derive/'))) given.push(await w.tick(w.now + 10_000));
    const times = given.flatMap((g) => g.readings.map((r) => r.time));
    expect(times).toHaveLength(12_000);
    expect(new Set(times).size).toBe(12_000);
  });
});

describe('semantics: Retention', () => {
  it('what is older on arrival than raw values are kept is rejected', async () => {
    const w = world();
    w.device({ id: 'd', asset: 'a', registeredAt: NOW - 1000 * DAY });
    const { readings, rejects } = await w.send({
      payload: [
        { time: NOW - 731 * DAY, fillingLevel: 1 },
        { time: NOW - 729 * DAY, fillingLevel: 2 },
      ],
    });
    expect(lines(readings)).toEqual(['fillingLevel 2 late']);
    expect(rejects).toMatchObject([{ reason: 'older-than-retention', partial: true }]);
  });
});

describe('semantics: Poison', () => {
  it('the record at fault becomes a reject with the hash of the stack, and is counted', async () => {
    const w = world();
    const slice = whole(w.block([w.uplink({ payload: { fillingLevel: 1 } })]));
    await w.decode.restore(w.state);
    const { rejects, outputs } = w.commit(await w.decode.poison(slice, new TypeError('a bug'), 'cafe1234'));
    expect(rejects).toMatchObject([{ uplink: 0, reason: 'internal-error', device: 'd', partial: false }]);
    expect(rejects[0]!.detail).toContain('cafe1234');
    expect(outputs).toHaveLength(1);
    expect(w.counts()).toMatchObject({ rejected: 1, decoded: 0 });
  });

  it('a replay at fault counts nothing, and a reject made so can be replayed', async () => {
    const w = world();
    const slice = whole(w.block([w.uplink({ payload: { fillingLevel: 1 } })]));
    const { rejects } = w.commit(await w.decode.poison(slice, new Error('a bug'), 'cafe1234'));
    const { settled } = await w.order({ kind: 'replay', uplink: 0, revision: 1, record: rejects[0]!.record });
    expect(settled).toEqual([0]);
    expect(w.counts()).toMatchObject({ rejected: 0, decoded: 1, values: 1 });
  });

  it('a record that cannot even be read is a reject all the same, which can be shown and tried again', async () => {
    const w = world();
    const block = { ...w.block([w.uplink()]), body: Buffer.from([255, 255, 255, 255, 1]) };
    const { rejects } = w.commit(await w.decode.poison(whole(block), new RangeError('beyond the end'), 'cafe1234'));
    expect(rejects).toMatchObject([{ uplink: 0, reason: 'internal-error', device: '', receivedAt: NOW }]);
    expect(w.counts('')).toMatchObject({ rejected: 1 });
    const again = await w.order({ kind: 'replay', uplink: 0, revision: 1, record: rejects[0]!.record });
    expect(again.rejects).toMatchObject([{ uplink: 0, reason: 'unknown-device', revision: 1 }]);
  });

  const lost = async (w: DecodeWorld) =>
    (await w.metrics.registry.getMetricsAsJSON()).find((m) => m.name === 'sansevaerk_orders_lost_total')?.values;

  it('an order to derive anew that is at fault is lost, and everybody can see it', async () => {
    const w = world('waste-container', bin);
    const order = w.orders({ kind: 'derive', asset: 'a', from: NOW - DAY, to: NOW });
    expect(w.commit(await w.decode.poison(whole(order), new Error('a bug'), 'cafe1234')).outputs).toEqual([]);
    expect(w.alerts.list()).toMatchObject([{ name: 'order-lost', detail: expect.stringMatching(/ a .*cafe1234/) }]);
    expect(await lost(w)).toMatchObject([{ value: 1, labels: { kind: 'derive' } }]);
  });

  it('so is an order that cannot be read, and a replay of what cannot be read; its reject stands', async () => {
    const w = world();
    const unreadable = { ...w.orders({ kind: 'derive', asset: 'a', from: 0, to: 1 }), body: Buffer.from('[{') };
    w.commit(await w.decode.poison(whole(unreadable), new Error('a bug'), 'cafe1234'));
    const replay = w.orders({ kind: 'replay', uplink: 0, revision: 1, record: '' });
    expect(w.commit(await w.decode.poison(whole(replay), new Error('a bug'), 'cafe1234')).rejects).toEqual([]);
    expect(w.alerts.list()).toMatchObject([{ name: 'order-lost', count: 2 }]);
    expect(await lost(w)).toMatchObject([
      { value: 1, labels: { kind: 'unreadable' } },
      { value: 1, labels: { kind: 'replay' } },
    ]);
  });
});

describe('the registry', () => {
  it('is asked before a device is refused, once a batch', async () => {
    const w = new DecodeWorld();
    w.simple();
    const { readings } = await w.send({ payload: { fillingLevel: 1 } });
    expect(readings).toHaveLength(1);
    const asked = w.registryAsked;
    const { rejects } = await w.send({ device: 'x' }, { device: 'y' }, { device: 'z' });
    expect(rejects.map((r) => r.reason)).toEqual(['unknown-device', 'unknown-device', 'unknown-device']);
    expect(w.registryAsked).toBe(asked + 1);
  });

  it('that does not answer makes the batch wait', async () => {
    const w = new DecodeWorld();
    w.registryFailure = new Error('locked');
    await expect(w.send({ payload: { fillingLevel: 1 } })).rejects.toBeInstanceOf(Unavailable);
    w.registryFailure = undefined;
  });

  it('is followed: a new assignment, a new attribute, a device that is gone from its asset', async () => {
    const w = world('waste-container', bin);
    await w.send({ payload: { distance: 600 } });
    w.asset({ id: 'b', attributes: {} });
    w.device({
      id: 'd',
      assignments: [
        { asset: 'a', from: NOW - DAY, to: NOW },
        { asset: 'b', from: NOW },
      ],
    });
    await w.directory.refresh();
    const { readings } = await w.send({ payload: { distance: 600 } });
    expect(readings).toMatchObject([{ asset: 'b', quantity: 'distance' }]);
    w.device({ id: 'd', assignments: [] });
    await w.directory.refresh();
    const { rejects } = await w.send({ payload: { distance: 600 } });
    expect(rejects).toMatchObject([{ reason: 'device-unassigned' }]);
  });
});

describe('the report of a device', () => {
  it('says when it was last heard, its status, and what nobody knows', async () => {
    const w = world();
    await w.send({ kind: 'status', payload: 'online' });
    await w.send({ payload: { fillingLevel: 1, colour: 'red', '\ud800': 1 }, receivedAt: NOW + 1 });
    await w.send({ payload: { fillingLevel: 1, colour: 'blue' }, receivedAt: NOW + 2 });
    expect(w.decode.report('d')).toEqual({
      lastSeen: NOW + 2,
      status: { state: 'online', at: NOW },
      unknownKeys: [
        { key: 'colour', count: 2, lastAt: NOW + 2 },
        { key: '\ufffd', count: 1, lastAt: NOW + 1 },
      ],
    });
    await w.restart();
    expect(w.decode.report('d')).toMatchObject({ status: { state: 'online', at: NOW } });
    expect(w.decode.report('nobody')).toBeUndefined();
  });

  it('keeps no more than twenty unknown keys', async () => {
    const w = world();
    for (let i = 0; i < 100; i++) await w.send({ payload: { fillingLevel: 1, [`k${i}`]: 1 }, receivedAt: NOW + i });
    expect(w.decode.report('d')!.unknownKeys.map((k) => k.key)).toEqual(
      Array.from({ length: 20 }, (_, i) => `k${80 + i}`),
    );
  });
});
