import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';
import { DecodeWorld, HOUR, NOW, whole } from './testing/decode-world.ts';

describe('semantics: New, duplicate or correction', () => {
  it('what is derived anew more often than there are revisions has the last one, until the next uplink', () => {
    const w = new DecodeWorld();
    const progress = new Progress();
    progress.advance(whole(w.block([w.uplink()])), w.uplink());
    const stamps = Array.from({ length: 70_000 }, () => progress.stamp());
    expect(stamps.map((s) => s.revision).slice(65_533, 65_537)).toEqual([65_534, 65_535, 65_535, 65_535]);
    expect(stamps.at(-1)).toEqual({ uplink: 0, revision: 65_535, received: NOW });
    const state = new Map<string, Uint8Array | undefined>();
    progress.changes(state);
    const after = new Progress();
    after.restore(state as Map<string, Uint8Array>); // nothing was deleted
    expect(after.stamp().revision).toBe(65_535);
    after.advance(whole(w.block([w.uplink()])), w.uplink());
    expect(after.stamp()).toMatchObject({ uplink: 1, revision: 1 });
  });

  it('so has a reject that was tried again more often', async () => {
    const w = new DecodeWorld();
    const { rejects } = await w.send({ payload: { fillingLevel: 10 } });
    w.simple();
    await w.tick(NOW + HOUR);
    const order = { kind: 'replay' as const, uplink: 0, revision: 65_536, record: rejects[0]!.record };
    expect((await w.order(order)).readings).toMatchObject([{ value: 10, revision: 65_535 }]);
  });
});
