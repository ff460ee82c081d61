import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, smoothNoise } from './rng.ts';

const draw = (rng: { next(): number }, n = 20): number[] => Array.from({ length: n }, () => rng.next());

describe('random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(draw(createRng('a'))).toEqual(draw(createRng('a')));
    expect(draw(createRng('a'))).not.toEqual(draw(createRng('b')));
  });

  it('of a split do not depend on what its parent has drawn', () => {
    const used = createRng('a');
    draw(used, 1000);
    expect(draw(used.split('x'))).toEqual(draw(createRng('a').split('x')));
    expect(draw(createRng('a').split('x'))).not.toEqual(draw(createRng('a').split('y')));
  });

  it('lie in [0, 1) and fill it evenly, for any seed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const numbers = draw(createRng(seed), 500);
        const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
        return numbers.every((x) => x >= 0 && x < 1) && Math.abs(mean - 0.5) < 0.08;
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('have the means they are asked for', () => {
    const rng = createRng('means');
    const mean = (make: () => number): number =>
      Array.from({ length: 20_000 }, make).reduce((a, b) => a + b, 0) / 20_000;
    expect(mean(() => rng.poisson(4))).toBeCloseTo(4, 1);
    expect(mean(() => rng.poisson(80))).toBeGreaterThan(79);
    expect(mean(() => rng.exponential(3))).toBeCloseTo(3, 0);
    expect(mean(() => rng.normal(10, 2))).toBeCloseTo(10, 1);
  });

  it('as noise go smoothly and need no history', () => {
    const noise = smoothNoise(7);
    for (let x = -5; x < 50; x += 0.01) {
      expect(Math.abs(noise(x))).toBeLessThanOrEqual(1);
      expect(Math.abs(noise(x + 0.01) - noise(x))).toBeLessThan(0.04);
    }
    expect(smoothNoise(7)(12.3)).toBe(noise(12.3));
  });
});
