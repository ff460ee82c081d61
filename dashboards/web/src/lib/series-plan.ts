/** How a period of a series is asked for and drawn: raw where it is short, windows where it is long. */
import type { Mark, Point, Quantity } from './api.ts';

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const PERIODS = { day: DAY, week: 7 * DAY, month: 30 * DAY, year: 365 * DAY } as const;
export type Period = keyof typeof PERIODS;

/** `band`: mean with lowest and highest. `bars`: amount in each window. `steps`: a state until the next. */
export type Shape = 'line' | 'band' | 'bars' | 'steps';
export interface Plan {
  shape: Shape;
  /** Width in ms; absent for raw values. */
  window?: number;
  aggregate?: 'avg,min,max' | 'sum' | 'last';
}
export interface Row {
  /** Epoch ms; of a window its beginning. */
  time: number;
  value: number;
  min?: number;
  max?: number;
  marks?: Mark[];
}

/** `length` of the period in ms. */
export function planOf({ kind, circular }: Pick<Quantity, 'kind' | 'circular'>, length: number): Plan {
  const long = length > 62 * DAY;
  const hours = long ? DAY : HOUR;
  switch (kind) {
    case 'state':
      return long ? { shape: 'steps', window: HOUR, aggregate: 'last' } : { shape: 'steps' };
    case 'interval':
      return { shape: 'bars', window: length > 8 * DAY ? DAY : HOUR, aggregate: 'sum' };
    case 'counter':
      return { shape: 'bars', window: length > 8 * DAY ? DAY : HOUR, aggregate: 'last' };
    case 'gauge':
      if (length <= 2 * DAY) return { shape: 'line' };
      // The mean of directions is not their average.
      if (circular) return { shape: 'line', window: hours, aggregate: 'last' };
      return { shape: 'band', window: hours, aggregate: 'avg,min,max' };
  }
}

/** For more raw values than one answer holds. */
export function coarser({ kind, circular }: Pick<Quantity, 'kind' | 'circular'>): Plan {
  if (kind === 'state') return { shape: 'steps', window: 5 * MINUTE, aggregate: 'last' };
  if (circular) return { shape: 'line', window: 5 * MINUTE, aggregate: 'last' };
  return { shape: 'band', window: 5 * MINUTE, aggregate: 'avg,min,max' };
}

/** The query of GET /assets/{id}/readings for `from` ≤ time < `to`. */
export function queryOf(
  plan: Plan,
  quantity: string,
  kind: Quantity['kind'],
  from: number,
  to: number,
): URLSearchParams {
  // A counter's first bar is the difference to the window before; whole windows, so that none is cut in two.
  const window = plan.window ?? 1;
  const start = Math.floor(from / window) * window - (kind === 'counter' ? window : 0);
  const query = new URLSearchParams({ quantity, from: new Date(start).toISOString(), to: new Date(to).toISOString() });
  if (plan.window !== undefined && plan.aggregate !== undefined) {
    query.set('window', `${plan.window / MINUTE}m`);
    query.set('aggregate', plan.aggregate);
  }
  return query;
}

export function rowsOf(points: readonly Point[], plan: Plan, kind: Quantity['kind']): Row[] {
  const rows = points.flatMap(([time, value, second, third]): Row[] => {
    if (typeof value !== 'number') return [];
    const row: Row = { time: Date.parse(time), value };
    if (typeof second === 'number' && typeof third === 'number') return [{ ...row, min: second, max: third }];
    return [Array.isArray(second) ? { ...row, marks: second } : row];
  });
  return kind === 'counter' ? differences(rows, plan.window ?? HOUR) : rows;
}

/** A counter that fell was reset: what it shows is what it has counted since. A missing window stays a gap. */
function differences(rows: readonly Row[], window: number): Row[] {
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    if (!before || row.time - before.time > window) return [];
    return [{ time: row.time, value: row.value >= before.value ? row.value - before.value : row.value }];
  });
}

/** The longest distance in ms between two rows that is no gap; `heartbeat` in seconds. */
export function gapOf(plan: Plan, heartbeat: number): number {
  return Math.max((plan.window ?? 0) * 1.5, heartbeat * 1250);
}
