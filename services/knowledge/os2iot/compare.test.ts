import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, type TimedValue } from './compare.ts';

const at = (...pairs: [time: number, value: number][]): TimedValue[] => pairs.map(([time, value]) => ({ time, value }));
const OPTIONS = { toleranceMs: 100, decimals: 1 };

describe('compareValues', () => {
  it.each([
    ['the same, dated a little apart', at([0, 1], [1000, 2]), at([60, 1], [1040, 2]), [2, 0, 0, 0]],
    ['half of the last digit is no difference', at([0, 1]), at([0, 1.05]), [1, 0, 0, 0]],
    ['more is', at([0, 1]), at([0, 1.06]), [0, 1, 0, 0]],
    ['further apart than the tolerance', at([0, 1]), at([101, 1]), [0, 0, 1, 1]],
    ['lost there', at([0, 1], [2000, 3]), at([0, 1], [1000, 2], [2000, 3]), [2, 0, 0, 1]],
    ['lost here', at([0, 1], [1000, 2]), at([0, 1]), [1, 0, 1, 0]],
    ['what is here from before the feed began does not count', at([1000, 2]), at([0, 1], [1000, 2]), [1, 0, 0, 0]],
    ['each value is taken once', at([0, 1], [50, 1]), at([20, 1]), [1, 0, 1, 0]],
    ['the nearest is taken', at([50, 2]), at([0, 1], [60, 2]), [1, 0, 0, 0]],
    ['nothing there', [], at([0, 1]), [0, 0, 0, 1]],
    ['nothing at all', [], [], [0, 0, 0, 0]],
  ])('%s', (_, there, here, [equal, different, onlyThere, onlyHere]) => {
    expect(compareValues(there, here, OPTIONS)).toMatchObject({ equal, different, onlyThere, onlyHere });
  });

  it('shows the newest pair that differs', () => {
    const { difference } = compareValues(at([0, 1], [1000, 2]), at([10, 5], [1010, 6]), OPTIONS);
    expect(difference).toEqual({ there: { time: 1000, value: 2 }, here: { time: 1010, value: 6 } });
  });

  it('finds every value of there once, and a series equal to itself', () => {
    const series = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5 })), { maxLength: 60 })
      .map((pairs) => at(...pairs).sort((a, b) => a.time - b.time));
    fc.assert(
      fc.property(series, series, (there, here) => {
        const { equal, different, onlyThere, onlyHere } = compareValues(there, here, OPTIONS);
        expect(equal + different + onlyThere).toBe(there.length);
        expect(equal + different + onlyHere).toBeLessThanOrEqual(here.length);
        const itself = compareValues(there, there, { ...OPTIONS, toleranceMs: 0 });
        expect(itself.onlyThere + itself.onlyHere).toBe(0);
      }),
    );
  });
});
