/** A device, or a second gateway, that sends a message twice. */
import type { Fault } from './fault.ts';

export interface DuplicatesOptions {
  probability: number;
}

export function duplicates({ probability }: DuplicatesOptions): Fault {
  return function* (steps, rng) {
    for (const step of steps) {
      yield step;
      if (step.kind === 'publish' && rng.chance(probability)) yield { ...step };
    }
  };
}
