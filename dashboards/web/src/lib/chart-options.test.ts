import { describe, expect, test } from 'vitest';
import { chartData } from './chart-options.ts';

const MINUTE = 60_000;
const rows = [
  { time: 0, value: 1 },
  { time: 10 * MINUTE, value: 2 },
  { time: 60 * MINUTE, value: 3 },
];

describe('what is drawn', () => {
  test('a silence longer than the gap is a hole in the line, not a line across it', () => {
    const [time, value] = chartData(rows, { shape: 'line' }, 15 * MINUTE);
    expect(value).toEqual([1, 2, null, 3]);
    expect(time).toEqual([0, 600, 600.001, 3600]);
  });

  test('a band has its edges, and the same hole', () => {
    const windows = rows.map((r) => ({ ...r, min: r.value - 1, max: r.value + 1 }));
    const data = chartData(windows, { shape: 'band', window: MINUTE, aggregate: 'avg,min,max' }, 15 * MINUTE);
    expect(data.slice(2)).toEqual([
      [2, 3, null, 4],
      [0, 1, null, 2],
    ]);
  });

  test('bars stand for themselves', () => {
    expect(chartData(rows, { shape: 'bars' }, MINUTE)[1]).toEqual([1, 2, 3]);
  });
});
