/** Primitive: a sensor that sends what it cannot measure, several times in a row. */
import type { Static } from 'typebox';
import type { Implausible } from '../../model/condition.ts';
import type { HoldPlan } from './hold.ts';

const COUNT = 3;

/** Its signal is 1 for a suspect value and −1 for a good one; cleared by as many good ones as raised it bad ones. */
export function implausiblePlan(condition: Static<typeof Implausible>): HoldPlan {
  const count = condition.count ?? COUNT;
  return { forMs: 0, clearForMs: 0, count, clearCount: count };
}
