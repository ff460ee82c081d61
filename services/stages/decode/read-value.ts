/** Values that are not plain numbers of a measurement: states, by name, number or boolean. */
import type { Target } from './device-plan.ts';

/** The number of a state; NaN when the value is none of the quantity. */
export function readValue(raw: unknown, { quantity, states }: Pick<Target, 'quantity' | 'states'>): number {
  if (!states) return Number.NaN; // plain numbers never come here
  if (typeof raw === 'string') return states.get(raw) ?? Number.NaN;
  if (typeof raw === 'number') return Number.isInteger(raw) && raw >= 0 && raw < states.size ? raw : Number.NaN;
  if (typeof raw !== 'boolean' || !quantity.booleans) return Number.NaN;
  return states.get(quantity.booleans[raw ? 1 : 0]) ?? Number.NaN;
}
