/** Messages that arrive in another order than they were measured in. */
import type { Step } from '../step.ts';
import type { Fault } from './fault.ts';

export interface ReorderingOptions {
  /** Chance that a message is held back. */
  probability: number;
  /** How many later messages may overtake it. */
  depth?: number;
}

/** A held message leaves when later ones have passed, at their time: `at` never goes backwards. */
export function reordering({ probability, depth = 3 }: ReorderingOptions): Fault {
  return function* (steps, rng) {
    const held: { step: Step; letPass: number }[] = [];
    let at = 0;
    for (const step of steps) {
      if (step.kind === 'publish' && held.length < depth && rng.chance(probability)) {
        held.push({ step, letPass: 1 + rng.int(depth) });
        continue;
      }
      at = step.at;
      yield step;
      for (const waiting of held) waiting.letPass--;
      while (held[0] !== undefined && held[0].letPass <= 0) yield { ...held.shift()!.step, at }; // just seen
    }
    for (const { step } of held) yield { ...step, at: Math.max(at, step.at) };
  };
}
