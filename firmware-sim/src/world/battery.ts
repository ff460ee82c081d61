/** Batteries of sensors. */

import { clamp, round } from '../kind.ts';
import { DAY } from './local-time.ts';
import type { Rng } from './rng.ts';

/** Percent left: years of life, one in thirty near its end. */
export function batteryLevel(rng: Rng): (utcMs: number) => number {
  const full = rng.chance(1 / 30) ? rng.between(12, 24) : rng.between(45, 100);
  const lifeDays = rng.between(4, 9) * 365;
  let since: number | undefined;
  return (utcMs) => {
    since ??= utcMs;
    return round(clamp(full - (100 * (utcMs - since)) / (lifeDays * DAY), 0, 100), 1);
  };
}

/** Volts of a lithium thionyl chloride cell: flat for years, a little lower when cold. */
export function lithiumVoltage(rng: Rng): (utcMs: number, temperature: number) => number {
  const nominal = rng.between(3.58, 3.66);
  return (_utcMs, temperature) => round(nominal - clamp((15 - temperature) * 0.002, 0, 0.08) + rng.normal(0, 0.004), 3);
}
