/** Turns: never more at once than allowed, in order, and whoever stops waiting is not waited for. */
import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

describe('slots', () => {
  it('let so many work at once, and the others in their order', async () => {
    const slots = new Slots(2);
    let now = 0;
    let most = 0;
    const order: number[] = [];
    const work = (n: number) =>
      slots.use(never, async () => {
        most = Math.max(most, ++now);
        order.push(n);
        await new Promise((done) => setImmediate(done));
        now--;
      });
    await Promise.all([1, 2, 3, 4, 5, 6].map(work));
    expect([most, order]).toEqual([2, [1, 2, 3, 4, 5, 6]]);
  });

  it('are free again after a failure, and after somebody stopped waiting', async () => {
    const slots = new Slots(1);
    const first = Promise.withResolvers<void>();
    const working = slots.use(never, () => first.promise);
    const stop = new AbortController();
    const given = slots.use(stop.signal, async () => 'too late');
    stop.abort();
    await expect(given).rejects.toThrow();
    first.reject(new Error('broken'));
    await expect(working).rejects.toThrow('broken');
    expect(await slots.use(never, async () => 'free')).toBe('free');
  });
});
