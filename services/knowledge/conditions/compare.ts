/** The comparisons a threshold may state. */
import type { Threshold } from '../../model/condition.ts';

export type Comparison = (typeof Threshold)['properties']['raise']['properties']['op']['enum'][number];

export function compare(op: Comparison, value: number, limit: number): boolean {
  switch (op) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
