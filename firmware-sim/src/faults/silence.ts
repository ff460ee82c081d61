/** A device that falls silent for a while: its messages of that time are lost for good. */
import type { Fault } from './fault.ts';

export interface SilenceOptions {
  /** Mean time between two silences, and their mean length; ms. */
  every: number;
  length: number;
}

export function silence({ every, length }: SilenceOptions): Fault {
  return function* (steps, rng) {
    let from: number | undefined;
    let to = 0;
    for (const step of steps) {
      from ??= step.at + rng.exponential(every);
      while (step.at >= from && step.at >= to) {
        if (to > from) from = to + rng.exponential(every);
        if (step.at >= from) to = from + 1 + rng.exponential(length);
        else break;
      }
      if (step.at < from || step.at >= to) yield step;
    }
  };
}
