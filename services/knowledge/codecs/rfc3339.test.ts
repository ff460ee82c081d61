/** The quick way and the long way to read a time must never disagree. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../model/time.ts';
import { parseRfc3339 } from './rfc3339.ts';

describe('parseRfc3339', () => {
  it('agrees with Date on every instant of ten thousand years', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(parseRfc3339(date.toISOString())).toBe(date.getTime());
          const second = date.toISOString().replace(/\.\d{3}/, '');
          expect(parseRfc3339(second)).toBe(Math.floor(date.getTime() / 1000) * 1000);
        },
      ),
    );
  });

  it('agrees with parseTime on texts that nearly are times', () => {
    const at = '2026-11-23T12:00:00.000Z';
    fc.assert(
      fc.property(fc.nat(at.length - 1), fc.string({ minLength: 1, maxLength: 1 }), fc.boolean(), (i, c, short) => {
        const text = at.slice(0, i) + c + at.slice(i + 1);
        const tried = short ? text.replace('.000', '') : text;
        expect(parseRfc3339(tried)).toBe(parseTime(tried));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['2026-11-23T12:00:00+01:00', Date.UTC(2026, 10, 23, 11)],
    ['2026-11-23t12:00:00z', Date.UTC(2026, 10, 23, 12)],
    ['2026-11-23 12:00:00Z', Date.UTC(2026, 10, 23, 12)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2023-02-29T00:00:00Z', undefined],
    ['2100-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-11-23T24:00:00Z', parseTime('2026-11-23T24:00:00Z')],
    ['2026-11-23T12:00:00', undefined],
    ['2026-11-23', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(parseRfc3339(text)).toBe(expected);
  });
});
