import { describe, expect, test } from 'vitest';
import type { Point } from './api.ts';
import { DAY, gapOf, HOUR, planOf, queryOf, rowsOf } from './series-plan.ts';

const T0 = Date.parse('2026-11-23T12:00:00Z');
const at = (hours: number) => new Date(T0 + hours * HOUR).toISOString();

describe('how a period is asked for', () => {
  test('a gauge is raw for a day, then hours with lowest and highest, then days', () => {
    expect(planOf({ kind: 'gauge' }, DAY)).toEqual({ shape: 'line' });
    expect(planOf({ kind: 'gauge' }, 30 * DAY)).toEqual({ shape: 'band', window: HOUR, aggregate: 'avg,min,max' });
    expect(planOf({ kind: 'gauge' }, 365 * DAY).window).toBe(DAY);
  });

  test('a direction is never averaged', () => {
    expect(planOf({ kind: 'gauge', circular: true }, 30 * DAY).aggregate).toBe('last');
  });

  test('amounts are summed, states are steps', () => {
    expect(planOf({ kind: 'interval' }, DAY)).toEqual({ shape: 'bars', window: HOUR, aggregate: 'sum' });
    expect(planOf({ kind: 'state' }, 30 * DAY)).toEqual({ shape: 'steps' });
  });

  test('windows are asked for whole; a counter with the one before', () => {
    const plan = planOf({ kind: 'counter' }, 7 * DAY);
    const query = queryOf(plan, 'energy', 'counter', T0 + 600_000, T0 + DAY);
    expect(query.get('from')).toBe(at(-1));
    expect(query.get('window')).toBe('60m');
    expect(query.get('aggregate')).toBe('last');
  });
});

describe('what is drawn of the answer', () => {
  test('raw values keep their marks', () => {
    const points: Point[] = [
      [at(0), 5],
      [at(1), 70, ['suspect']],
    ];
    expect(rowsOf(points, { shape: 'line' }, 'gauge')).toEqual([
      { time: T0, value: 5 },
      { time: T0 + HOUR, value: 70, marks: ['suspect'] },
    ]);
  });

  test('a window has its lowest and highest', () => {
    const plan = planOf({ kind: 'gauge' }, 7 * DAY);
    expect(rowsOf([[at(0), 5, 4, 6]], plan, 'gauge')).toEqual([{ time: T0, value: 5, min: 4, max: 6 }]);
  });

  test('a counter is drawn as what it counted; a reset counts from zero, a missing window stays a gap', () => {
    const points: Point[] = [
      [at(0), 100],
      [at(1), 103],
      [at(2), 2],
      [at(5), 9],
      [at(6), 10],
    ];
    const rows = rowsOf(points, planOf({ kind: 'counter' }, 7 * DAY), 'counter');
    expect(rows.map((r) => [(r.time - T0) / HOUR, r.value])).toEqual([
      [1, 3],
      [2, 2],
      [6, 1],
    ]);
  });

  test('a silence longer than is normal is a gap, also between windows', () => {
    expect(gapOf({ shape: 'line' }, 900)).toBeGreaterThan(900_000);
    expect(gapOf({ shape: 'line' }, 900)).toBeLessThan(2 * 900_000);
    // A sensor that reports every six hours leaves hours empty without being silent.
    expect(gapOf({ shape: 'band', window: HOUR }, 6 * 3600)).toBeGreaterThan(6 * HOUR);
  });
});
