import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSchoolHoliday, localTime, localToUtc, zoneOffset } from './local-time.ts';

const formats = {
  'Europe/Copenhagen': formatter('Europe/Copenhagen'),
  'Europe/London': formatter('Europe/London'),
} as const;

function formatter(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
}

describe('local time', () => {
  it('is that of the system’s own time zone rules', () => {
    const times = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2037, 0, 1) / 1000 });
    fc.assert(
      fc.property(times, fc.constantFrom('Europe/Copenhagen' as const, 'Europe/London' as const), (seconds, zone) => {
        const utc = seconds * 1000;
        const wall = new Date(utc + zoneOffset(utc, zone)).toISOString().slice(0, 19).replace('T', ' ');
        return wall === formats[zone].format(utc);
      }),
      { numRuns: 500 },
    );
  });

  it('knows weekday and hour', () => {
    expect(localTime(Date.parse('2026-11-23T19:30:00Z'))).toMatchObject({ weekday: 0, hour: 20.5 });
    expect(localTime(Date.parse('2026-06-14T22:00:00Z'))).toMatchObject({ weekday: 0, hour: 0 });
  });

  it('is read back to UTC, in summer and in winter', () => {
    expect(localToUtc('2016-06-03T13:23:26', 'Europe/London')).toBe(Date.parse('2016-06-03T12:23:26Z'));
    expect(localToUtc('2016-05-04T08:36:58', 'Europe/Copenhagen')).toBe(Date.parse('2016-05-04T06:36:58Z'));
    expect(localToUtc('2024-03-22T07:18:00', 'Europe/Copenhagen')).toBe(Date.parse('2024-03-22T06:18:00Z'));
    expect(() => localToUtc('yesterday', 'Europe/London')).toThrow('cannot read "yesterday"');
  });

  it('takes the first of the two passes of an hour in autumn', () => {
    expect(localToUtc('2026-10-25T02:30:00', 'Europe/Copenhagen')).toBe(Date.parse('2026-10-25T00:30:00Z'));
  });

  it('knows when schools rest', () => {
    expect(isSchoolHoliday(Date.parse('2026-02-11T10:00:00Z'))).toBe(true); // week 7
    expect(isSchoolHoliday(Date.parse('2026-10-14T10:00:00Z'))).toBe(true); // week 42
    expect(isSchoolHoliday(Date.parse('2026-07-14T10:00:00Z'))).toBe(true);
    expect(isSchoolHoliday(Date.parse('2026-11-23T10:00:00Z'))).toBe(false);
  });
});
