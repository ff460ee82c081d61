import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttemptLimiter } from './attempt-limiter.ts';

const HOUR = 3_600_000;

describe('semantics: Ids and the wall', () => {
  it('lets 60 attempts an hour through for each, and says no to the next', () => {
    const limiter = new AttemptLimiter();
    const passed = Array.from({ length: 100 }, (_, i) => limiter.attempt('mallory', i * 1000)).filter(Boolean);
    expect(passed).toHaveLength(60);
    expect(limiter.attempt('alice', 100_000)).toBe(true);
    // The first of the sixty is an hour old: one more, not sixty more.
    expect(limiter.attempt('mallory', HOUR)).toBe(true);
    expect(limiter.attempt('mallory', HOUR)).toBe(false);
  });

  it('never lets more than 60 through in any hour, however they are spread', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: HOUR / 20 }), { maxLength: 400 }), (gaps) => {
        const limiter = new AttemptLimiter();
        const passed: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          if (limiter.attempt('mallory', now)) passed.push(now);
        }
        return passed.every((time, i) => i < 60 || time - passed[i - 60]! >= HOUR); // i - 60 is within the list
      }),
      { numRuns: 50 },
    );
  });

  it('remembers a fixed number, forgetting the one longest quiet', () => {
    const limiter = new AttemptLimiter({ attempts: 1, principals: 2 });
    expect(limiter.attempt('a', 0)).toBe(true);
    expect(limiter.attempt('b', 1)).toBe(true);
    expect(limiter.attempt('a', 2)).toBe(false);
    expect(limiter.attempt('c', 3)).toBe(true); // b goes
    expect(limiter.attempt('a', 4)).toBe(false);
    expect(limiter.attempt('b', 5)).toBe(true);
  });
});
