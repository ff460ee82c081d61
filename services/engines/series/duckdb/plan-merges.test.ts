/** Which parts are merged, and that it ends. */
import { describe, expect, it } from 'vitest';
import { type MergeState, planMerge } from './plan-merges.ts';
import { DAY, monthOf, monthStart } from './sql.ts';
import type { Part } from './view.ts';

const MONTH = monthOf(Date.UTC(2026, 2, 15));
const NEXT = monthStart(MONTH + 1);
const limits = { sealRows: 1000, sealAfter: DAY, fanIn: 4, exactOwners: 1000, ownersKept: 35 * DAY };

let id = 0;
function part(rows: number, more: Partial<Part> = {}): Part {
  return { id: ++id, month: MONTH, raw: true, rows, minTime: 0, maxTime: 0, settled: false, dropped: [], ...more };
}

function plan(parts: readonly Part[], more: Partial<MergeState> = {}) {
  return planMerge({ parts, expired: () => [], dead: new Map(), now: NEXT, limits, ...more });
}

describe('merging parts of a month', () => {
  it('waits until there are enough of about one size', () => {
    const parts = [part(1100), part(1110), part(1120), part(20)];
    expect(plan(parts)).toBeUndefined();
    const enough = [...parts, part(1130)];
    expect(plan(enough)?.parts).toEqual([parts[0], parts[1], parts[2], enough[4]]);
  });

  it('settles a month once nobody can decode it anew, and then leaves it alone', () => {
    const parts = [part(1000), part(10)];
    const now = NEXT + 35 * DAY;
    expect(plan(parts, { now: now - 1 })).toBeUndefined();
    expect(plan(parts, { now })).toMatchObject({ parts, settle: true });
    const settled = part(1010, { settled: true });
    expect(plan([settled], { now })).toBeUndefined();
    expect(plan([settled, part(50)], { now })).toBeUndefined();
    expect(plan([settled, part(500)], { now })).toMatchObject({ settle: true });
  });

  it('takes dead rows out of a settled month when they are many', () => {
    const settled = part(10_000, { settled: true });
    const now = NEXT + 35 * DAY;
    expect(plan([settled], { now, dead: new Map([[MONTH, 999]]) })).toBeUndefined();
    expect(plan([settled], { now, dead: new Map([[MONTH, 1000]]) })).toMatchObject({ parts: [settled] });
  });

  it('ends, whatever comes', () => {
    let parts: readonly Part[] = [];
    let merges = 0;
    for (let sealed = 0; sealed < 200; sealed++) {
      parts = [...parts, part(1000)];
      for (let merge = plan(parts); merge; merge = plan(parts)) {
        merges++;
        const merged = part(merge.parts.reduce((n, p) => n + p.rows, 0));
        parts = [...parts.filter((p) => !merge?.parts.includes(p)), merged];
      }
    }
    expect(parts.length).toBeLessThan(15);
    expect(merges).toBeLessThan(100);
  });
});

describe('semantics: Retention', () => {
  it('takes a month whose quantity is too old, once', () => {
    const parts = [part(1000), part(10)];
    const expired = () => ['temperature'];
    expect(plan(parts, { expired })).toMatchObject({ parts, expired: ['temperature'] });
    expect(plan([part(900, { dropped: ['temperature'] })], { expired })).toBeUndefined();
    expect(plan([part(0, { raw: false, dropped: ['temperature'] })], { expired })).toBeUndefined();
  });
});
