/** Short ways to write a row of the catalogue of quantities, so that the tables read like tables. */
import type { Quantity, QuantityKind } from '../../model/catalogue.ts';

/** Upper end of a range that has none by nature: the largest integer a payload may carry, so that it survives JSON. */
export const UNBOUNDED = Number.MAX_SAFE_INTEGER;

type More = Partial<Omit<Quantity, 'name' | 'label' | 'unit' | 'kind' | 'range'>>;
type Row = (
  name: string,
  da: string,
  en: string,
  unit: string,
  range: readonly [number, number],
  more?: More,
) => Quantity;

const row =
  (kind: QuantityKind): Row =>
  (name, da, en, unit, range, more = {}) => ({ name, label: { da, en }, unit, kind, range, ...more });

export const gauge = row('gauge');
/** The range of an interval is for one report of at most an hour. */
export const interval = row('interval');
export const counter = row('counter');

/** `states`: name, Danish, English; the place in the list is the number on disk, so only ever append. */
export function state(
  name: string,
  da: string,
  en: string,
  states: readonly (readonly [name: string, da: string, en: string])[],
  more: More = {},
): Quantity {
  return {
    name,
    label: { da, en },
    unit: '',
    kind: 'state',
    states: states.map(([name, da, en]) => ({ name, label: { da, en } })),
    ...more,
  };
}

/** Name in Smart Data Models and the factor from our unit to theirs. */
export function sdm(name: string, factor?: number): More {
  return { smartDataModel: factor === undefined ? { name } : { name, factor } };
}
