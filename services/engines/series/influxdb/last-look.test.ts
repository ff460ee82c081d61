import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LastLook } from './last-look.ts';

const PLACE = { measurement: 'room', asset: 'a', owner: 'o', quantity: 'q' };

function looked(times: readonly number[]): LastLook {
  const look = new LastLook();
  for (const time of times) look.see(1, time, PLACE);
  return look;
}

it('joins what has nothing between', () => {
  const look = looked([1, 2, 3, 4, 5, 9]);
  expect(look.runs(1, [1, 2, 4, 5, 9], 100)).toEqual([
    { from: 1, to: 2 },
    { from: 4, to: 9 },
  ]);
});

it('does not reach over what was not looked at', () => {
  expect(looked([1, 200]).runs(1, [1, 200], 100)).toEqual([
    { from: 1, to: 1 },
    { from: 200, to: 200 },
  ]);
});

it('never takes a value that stays, and takes every one that goes', () => {
  const times = fc.uniqueArray(fc.nat({ max: 60 }), { minLength: 1 });
  fc.assert(
    fc.property(times, fc.func(fc.boolean()), fc.integer({ min: 1, max: 20 }), (all, isRemoved, gap) => {
      const removed = all.filter((time) => isRemoved(time));
      const runs = looked(all).runs(1, removed, gap);
      const isTaken = (time: number): boolean => runs.some(({ from, to }) => time >= from && time <= to);
      expect(all.filter(isTaken).sort()).toEqual(removed.sort());
    }),
  );
});
