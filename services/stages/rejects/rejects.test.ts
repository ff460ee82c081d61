import { describe, expect, it } from 'vitest';
import { jsonBlock } from '../../model/json-block.ts';
import type { RejectEvent } from '../../model/reject.ts';
import { createRejects, expireRejects } from './rejects.ts';

describe('rejects', () => {
  it('projects every event in order, a thousand at a time', async () => {
    const applied: (readonly RejectEvent[])[] = [];
    const stage = createRejects({ registry: { rejects: { apply: async (events) => void applied.push(events) } } });
    const events = Array.from({ length: 2500 }, (_, uplink): RejectEvent => ({ kind: 'settled', uplink, at: 1 }));
    const block = { ...jsonBlock('rejects', 1, events), seq: 1, first: 0 };
    await stage.handle([{ block, from: 10, to: 2500 }]);
    expect(applied.map((a) => a.length)).toEqual([1000, 1000, 490]);
    expect(applied.flat()).toEqual(events.slice(10));
  });

  it('forgets them after 90 days', async () => {
    const asked: number[] = [];
    const deleteBefore = async (at: number) => asked.push(at);
    expect(await expireRejects({ rejects: { deleteBefore } }, 100 * 86_400_000)).toBe(1);
    expect(asked).toEqual([10 * 86_400_000]);
  });
});
