/** The published list of reasons, each with a message that earns it; docs/rejects.md says the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REJECT_REASONS } from '../../model/reject.ts';
import { readUplinks } from '../../model/uplink.ts';
import { DAY, DecodeWorld, HOUR, NOW, whole } from './testing/decode-world.ts';

describe('contract: Rejects', () => {
  it('docs/rejects.md explains every reason, and none that there is not', () => {
    const page = readFileSync(new URL('../../../docs/rejects.md', import.meta.url), 'utf8');
    const explained = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((m) => m[1]);
    expect(explained).toEqual([...REJECT_REASONS]);
  });

  it.each([
    ['unknown-device', { device: 'x', payload: { fillingLevel: 1 } }],
    ['device-unassigned', { device: 'loose', payload: { fillingLevel: 1 } }],
    ['device-unassigned', { device: 'orphan', payload: { fillingLevel: 1 } }],
    ['malformed-json', { payload: '{' }],
    ['malformed-senml', { payload: [{ n: 'temperature', v: 1, x_: 1 }] }],
    ['too-deep', { payload: `${'['.repeat(17)}${']'.repeat(17)}` }],
    ['too-many-readings', { payload: Array.from({ length: 1001 }, () => ({ fillingLevel: 1 })) }],
    ['no-known-quantity', { payload: { colour: 'red' } }],
    ['invalid-value', { payload: { fillingLevel: 'full' } }],
    ['invalid-time', { payload: { time: 'noon', fillingLevel: 1 } }],
    ['quantity-taken', { device: 'later', payload: { temperature: 1 } }],
    ['codec-failed', { device: 'exotic', payload: { fillingLevel: 1 } }],
    ['older-than-retention', { kind: 'import' as const, payload: { time: NOW - 800 * DAY, fillingLevel: 1 } }],
  ])('%s', async (reason, sent) => {
    const w = new DecodeWorld();
    w.simple();
    w.device({ id: 'loose' });
    w.device({ id: 'orphan', asset: 'gone' });
    w.device({ id: 'exotic', asset: 'a', model: 'unheard-of' });
    w.device({ id: 'later', asset: 'a', registeredAt: NOW - HOUR });
    await w.send({ payload: { temperature: 1 } });
    const { readings, rejects } = await w.send(sent);
    expect(readings).toEqual([]);
    expect(rejects).toMatchObject([
      { reason, uplink: 1, partial: false, revision: 0, owner: 'skovby', receivedAt: NOW },
    ]);
    expect(rejects[0]!.detail).not.toBe('');
  });

  it('unknown-device, also when somebody else took the name since', async () => {
    const w = new DecodeWorld();
    w.asset({ id: 'a' });
    const { rejects } = await w.send({ device: 'x', owner: 'andeby', payload: { fillingLevel: 1 } });
    w.device({ id: 'x', asset: 'a', registeredAt: NOW + HOUR });
    const again = await w.order({ kind: 'replay', uplink: 0, revision: 1, record: rejects[0]!.record });
    expect([again.readings, again.rejects.map((r) => r.reason)]).toEqual([[], ['unknown-device']]);
  });

  it('internal-error', async () => {
    const w = new DecodeWorld();
    w.simple();
    const { rejects } = w.commit(await w.decode.poison(whole(w.block([w.uplink()])), new Error(), 'cafe'));
    expect(rejects).toMatchObject([{ reason: 'internal-error' }]);
  });

  it('a reject keeps the whole uplink, bytes and all', async () => {
    const w = new DecodeWorld();
    const payload = Buffer.from([0, 255, 123, 10]);
    const uplink = w.uplink({ payload, session: 's', packetId: 9, dup: true, connection: 5, identity: 'k' });
    const { rejects } = await w.send(uplink);
    const [kept] = readUplinks(Buffer.from(rejects[0]!.record, 'base64'), 0, 1);
    expect({ ...kept, payload: Buffer.from(kept!.payload) }).toEqual({ ...uplink, payload });
  });

  it('a thousand readings are taken, and unknown keys beside known ones are no reject', async () => {
    const w = new DecodeWorld();
    w.simple();
    const { readings, rejects } = await w.send({
      payload: Array.from({ length: 1000 }, (_, i) => ({ time: NOW - i, fillingLevel: 1, colour: 'red' })),
    });
    expect([readings.length, rejects]).toEqual([1000, []]);
    expect(w.decode.report('d')!.unknownKeys).toMatchObject([{ key: 'colour', count: 1000 }]);
  });

  it('many bad items are one reject with a detail a person can read', async () => {
    const w = new DecodeWorld();
    w.simple();
    const { rejects } = await w.send({ payload: Array.from({ length: 900 }, () => ({ fillingLevel: '\u001b[31m' })) });
    expect(rejects).toHaveLength(1);
    expect(rejects[0]!.detail.length).toBeLessThanOrEqual(500);
    expect(rejects[0]!.detail).toMatch(/and 895 more$/);
    expect(rejects[0]!.detail).not.toContain('\u001b');
  });

  it('a device that invents channels without end stays within bounds', async () => {
    const w = new DecodeWorld();
    w.simple();
    for (let i = 0; i < 5; i++)
      await w.send({
        payload: Object.fromEntries(Array.from({ length: 900 }, (_, k) => [`temperature.${i}-${k}`, 1])),
      });
    expect(w.state.get('device/d')!.byteLength).toBeLessThan(40_000);
    expect(w.counts()).toMatchObject({ values: 4500 });
  });
});
