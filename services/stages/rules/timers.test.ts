import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Timed, Timers } from './timers.ts';

it('fires in the order of due time, then key, whatever was set, moved and removed before', () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 20 }), due: fc.nat(50), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const timers = new Timers<Timed>();
      const all = Array.from({ length: 21 }, (_, i): Timed => ({ key: `k${i}`, due: 0, place: -1 }));
      const model = new Map<string, number>();
      for (const { key, due, remove } of steps) {
        const timer = all[key]!; // 0 to 20
        if (remove) timers.remove(timer);
        else timers.set(timer, due);
        if (remove) model.delete(timer.key);
        else model.set(timer.key, due);
      }
      expect(timers.size).toBe(model.size);
      const fired: string[] = [];
      for (let next = timers.peek(); next; next = timers.peek()) {
        fired.push(`${next.due} ${next.key}`);
        timers.remove(next);
      }
      const expected = [...model].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([k, d]) => `${d} ${k}`);
      expect(fired).toEqual(expected);
    }),
  );
});
