import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReceiptClock } from './clock.ts';

const NOON = 1_764_000_000_000;

/** A wall clock that somebody may set, and a monotonic one. */
function faked(notBefore?: number) {
  const time = { wall: NOON, monotonic: 0 };
  const steps: number[] = [];
  const clock = new ReceiptClock({
    ...(notBefore === undefined ? {} : { notBefore }),
    onStep: (ms) => steps.push(ms),
    sources: { wall: () => time.wall, monotonic: () => time.monotonic },
  });
  const pass = (ms: number) => {
    time.wall += ms;
    time.monotonic += ms;
  };
  const set = (ms: number) => {
    time.wall += ms;
  };
  return { clock, steps, pass, set };
}

describe('semantics: The rule clock', () => {
  test('receipt times follow the wall clock', () => {
    const { clock, pass, steps } = faked();
    pass(1500);
    expect(clock.now()).toBe(NOON + 1500);
    pass(3_600_000);
    expect(clock.now()).toBe(NOON + 3_601_500);
    expect(steps).toEqual([]);
  });

  test('set back an hour, they go on at half speed until the wall clock has caught up', () => {
    const { clock, pass, set, steps } = faked();
    pass(1000);
    expect(clock.now()).toBe(NOON + 1000);
    set(-3_600_000);
    expect(clock.now()).toBe(NOON + 1000);
    expect(steps).toEqual([-3_600_000]);
    pass(60_000);
    expect(clock.now()).toBe(NOON + 31_000);
    pass(7_200_000);
    expect(clock.now()).toBe(NOON + 1000 + 60_000 + 7_200_000 - 3_600_000);
    expect(steps).toHaveLength(1);
  });

  test('set forwards, they follow, and the step is reported', () => {
    const { clock, pass, set, steps } = faked();
    set(20_000);
    pass(1000);
    expect(clock.now()).toBe(NOON + 21_000);
    expect(steps).toEqual([20_000]);
  });

  test('up to five seconds is an ordinary correction', () => {
    const { clock, set, steps } = faked();
    set(4900);
    clock.now();
    set(-4900);
    clock.now();
    expect(steps).toEqual([]);
  });

  test('after a restart they do not go back behind the records there are', () => {
    const { clock, pass, steps } = faked(NOON + 60_000);
    expect(steps).toEqual([-60_000]);
    expect(clock.now()).toBe(NOON + 60_000);
    pass(10_000);
    expect(clock.now()).toBe(NOON + 65_000);
  });

  test('intervals are measured on the monotonic clock', () => {
    const { clock, pass, set } = faked();
    const began = clock.monotonic();
    set(-86_400_000);
    pass(250);
    expect(clock.monotonic() - began).toBe(250);
  });

  test('whatever is done to the wall clock, receipt times never go backwards', () => {
    const doings = fc.array(fc.record({ pass: fc.nat(100_000), set: fc.integer({ min: -1e8, max: 1e8 }) }));
    fc.assert(
      fc.property(doings, (list) => {
        const { clock, pass, set } = faked();
        let last = clock.now();
        for (const doing of list) {
          pass(doing.pass);
          set(doing.set);
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(Number.isInteger(now)).toBe(true);
          last = now;
        }
      }),
    );
  });
});
