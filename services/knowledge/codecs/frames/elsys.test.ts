/** Every type of Elsys there and back, ages, and what is kept of a frame that is not quite as the table has it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foundInFrame, RECEIVED } from '../testing/found-in-frame.ts';
import { ELSYS_TYPES, elsys } from './elsys.ts';
import { bytesOf, type Field } from './field.ts';

/** What a field gives of bytes, by plain arithmetic on them. */
function byHand({ type, per = 1, flag }: Field, bytes: readonly number[]): number {
  const unsigned = bytes.reduce((sum, b) => sum * 256 + b, 0);
  const signed = type.startsWith('i') && unsigned >= 2 ** (8 * bytes.length - 1);
  const count = signed ? unsigned - 2 ** (8 * bytes.length) : unsigned;
  return flag ? Math.min(count, 1) : count / per;
}

describe('each type', () => {
  it.each(ELSYS_TYPES.map((t) => [t.type.toString(16), t] as const))('%s', (_, { type, fields }) => {
    const size = bytesOf(fields);
    fc.assert(
      fc.property(fc.array(fc.nat(255), { minLength: size, maxLength: size }), (data) => {
        const values: Record<string, number> = {};
        let at = 0;
        for (const field of fields) {
          const width = bytesOf([field]);
          if (field.key !== undefined) values[field.key] = byHand(field, data.slice(at, at + width));
          at += width;
        }
        const found = foundInFrame(elsys, Uint8Array.from([type, ...data]));
        expect(found).toEqual(Object.keys(values).length === 0 ? [] : [{ values }]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('ages', () => {
  it.each([
    ['41 3c 00e2', 60],
    ['81 0e10 00e2', 3600],
    ['c1 00015180 00e2', 86_400],
  ])('%s was measured %d s ago', (frame, seconds) => {
    expect(foundInFrame(elsys, frame)).toEqual([
      { time: RECEIVED - seconds * 1000, relative: true, values: { temperature: 22.6 } },
    ]);
  });

  it('one record for what was measured at one time', () => {
    expect(foundInFrame(elsys, '0100e6 413c00e2 423c29')).toEqual([
      { values: { temperature: 23 } },
      { time: RECEIVED - 60_000, relative: true, values: { temperature: 22.6, relativeHumidity: 41 } },
    ]);
  });
});

it('keeps what was read before a type that is unknown; settings are to the end', () => {
  expect(foundInFrame(elsys, '0100e2 2f0102')).toEqual([
    { values: { temperature: 22.6 } },
    'bad codec-failed: type 2f at byte 3 is unknown; 3 bytes were not read',
  ]);
  expect(foundInFrame(elsys, '3e 2f0102')).toEqual([]);
  expect(foundInFrame(elsys, '0100e2 0229 06')).toEqual([
    { values: { temperature: 22.6, relativeHumidity: 41 } },
    'codec-failed',
  ]);
});
