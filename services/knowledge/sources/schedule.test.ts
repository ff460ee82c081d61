/** When a source is asked next: intervals with a spread, and Danish times of day across the changes of the clocks. */
import { describe, expect, it } from 'vitest';
import { nextRun } from './schedule.ts';

const next = (times: string[], after: string): string =>
  new Date(nextRun({ timesOfDay: times }, Date.parse(after), 0)).toISOString();

describe('every so many minutes', () => {
  it('is that long after the last run, a little later at random', () => {
    expect(nextRun({ everyMinutes: 10 }, 0, 0)).toBe(600_000);
    expect(nextRun({ everyMinutes: 10 }, 0, 1)).toBe(660_000);
    expect(nextRun({ everyMinutes: 600 }, 0, 1)).toBe(36_000_000 + 120_000);
  });
});

describe('times of day', () => {
  it.each([
    ['in winter', ['06:30'], '2026-01-10T05:00:00Z', '2026-01-10T05:30:00.000Z'],
    ['in summer', ['06:30'], '2026-07-10T04:00:00Z', '2026-07-10T04:30:00.000Z'],
    ['passed today', ['06:30'], '2026-07-10T04:30:00Z', '2026-07-11T04:30:00.000Z'],
    ['the next of several', ['06:00', '18:00', '12:00'], '2026-01-10T06:00:00Z', '2026-01-10T11:00:00.000Z'],
    ['over midnight', ['00:05'], '2026-01-10T22:30:00Z', '2026-01-10T23:05:00.000Z'],
    // 29 March 2026, 02:00 becomes 03:00.
    ['left out when summer time begins', ['02:30'], '2026-03-28T12:00:00Z', '2026-03-29T01:30:00.000Z'],
    ['after summer time began', ['06:30'], '2026-03-28T12:00:00Z', '2026-03-29T04:30:00.000Z'],
    // 25 October 2026, 03:00 becomes 02:00.
    ['twice when it ends: the first', ['02:30'], '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['and not the second', ['02:30'], '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    ['on the long day', ['00:10'], '2026-10-24T22:15:00Z', '2026-10-25T23:10:00.000Z'],
  ])('%s', (_name, times, after, expected) => {
    expect(next(times, after)).toBe(expected);
  });

  it('never give a time that is not after, whatever the hour', () => {
    for (let hour = 0; hour < 24 * 366; hour++) {
      const after = Date.parse('2026-01-01T00:00:00Z') + hour * 3_600_000;
      const at = nextRun({ timesOfDay: ['02:30', '23:59'] }, after, 0);
      expect(at).toBeGreaterThan(after);
      expect(at - after).toBeLessThanOrEqual(25 * 3_600_000);
    }
  });
});
