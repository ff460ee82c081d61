import { describe, expect, it } from 'vitest';
import { createSituations } from './situations.ts';

describe('situations', () => {
  const script = createSituations(
    [
      { name: 'taken', from: 20, seconds: 10, every: 100 },
      { name: 'full', from: -60, seconds: 90 },
    ],
    1_000_000,
  );
  const at = (second: number): number => 1_000_000 + second * 1000;

  it('hold from their beginning to their end, and come back', () => {
    const taken = [19, 20, 29, 30, 119, 120, 129, 130].map((s) => script.active('taken', at(s)));
    expect(taken).toEqual([false, true, true, false, false, true, true, false]);
    expect([-61, -60, 29, 30].map((s) => script.active('full', at(s)))).toEqual([false, true, true, false]);
  });

  it('say when the next change is', () => {
    expect(script.nextChange(at(-100))).toBe(at(-60));
    expect(script.nextChange(at(0))).toBe(at(20));
    expect(script.nextChange(at(20))).toBe(at(30));
    expect(script.nextChange(at(30))).toBe(at(120));
  });

  it('must be over before they come back', () => {
    expect(() => createSituations([{ name: 'x', from: 0, seconds: 10, every: 10 }], 0)).toThrow('must be longer');
  });
});
