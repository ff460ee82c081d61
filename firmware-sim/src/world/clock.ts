/** A clock that may run at any speed, so that a month of a region fits into a minute, or a second. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Simulated time, epoch ms. */
  now(): number;
  /** Resolves when the simulated time has come; rejects with the signal's reason. */
  until(timeMs: number, signal?: AbortSignal): Promise<void>;
}

export interface ClockOptions {
  /** Simulated time at the beginning, epoch ms. */
  start: number;
  /** Simulated seconds a second; `Infinity` waits for nothing. */
  speed: number;
}

// setTimeout takes 31 bits; a wait of a year at speed 1 is cut into pieces.
const LONGEST_SLEEP = 2 ** 31 - 1;

export function createClock({ start, speed }: ClockOptions): Clock {
  if (!(speed > 0)) throw new Error(`clock: speed must be above 0, not ${speed}`);
  if (speed === Number.POSITIVE_INFINITY) {
    let now = start;
    return {
      now: () => now,
      until: async (timeMs, signal) => {
        signal?.throwIfAborted();
        now = Math.max(now, timeMs);
      },
    };
  }
  const began = performance.now(); // monotonic: a step of the wall clock must not freeze or hurry the devices
  const now = (): number => start + (performance.now() - began) * speed;
  return {
    now,
    until: async (timeMs, signal) => {
      signal?.throwIfAborted();
      for (let left = timeMs - now(); left > 0; left = timeMs - now()) {
        await sleep(Math.min(LONGEST_SLEEP, Math.max(1, left / speed)), undefined, { signal });
      }
    },
  };
}
