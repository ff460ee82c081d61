import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';

describe('clock', () => {
  it('runs at its speed', async () => {
    const clock = createClock({ start: 0, speed: 3600 });
    const began = performance.now();
    await clock.until(72_000); // twenty hours in twenty thousandths of a second
    expect(performance.now() - began).toBeGreaterThan(15);
    expect(clock.now()).toBeGreaterThanOrEqual(72_000);
  });

  it('waits for nothing at infinite speed, and never goes back', async () => {
    const clock = createClock({ start: 5, speed: Number.POSITIVE_INFINITY });
    await clock.until(1e15);
    await clock.until(7);
    expect(clock.now()).toBe(1e15);
  });

  it('stops waiting at the signal', async () => {
    const stop = new AbortController();
    const waiting = createClock({ start: 0, speed: 1 }).until(1e12, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow();
  });

  it('refuses to stand still', () => {
    expect(() => createClock({ start: 0, speed: 0 })).toThrow('speed must be above 0');
  });
});
