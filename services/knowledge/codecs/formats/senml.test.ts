/** SenML: the examples of RFC 8428, what a pack must not contain, and that nothing random does harm. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rejected } from '../../../model/errors.ts';
import { found, NOW } from '../testing/found.ts';
import { json } from './json.ts';

const parse = (pack: unknown) => found(json, JSON.stringify(pack));

describe('senml: RFC 8428', () => {
  it('section 5.1.1: a single value', () => {
    expect(parse([{ n: 'urn:dev:ow:10e2073a01080063', u: 'Cel', v: 23.1 }])).toEqual([
      { values: [['10e2073a01080063', 23.1, 'Cel']] },
    ]);
  });

  it('section 5.1.3: base name, base unit and times relative to the base time', () => {
    const pack = [
      { bn: 'urn:dev:ow:10e2073a0108006:', bt: 1.276020076001e9, bu: 'A', bver: 5, n: 'voltage', u: 'V', v: 120.1 },
      { n: 'current', t: -5, v: 1.2 },
      { n: 'current', t: -4, v: 1.3 },
    ];
    expect(parse(pack)).toEqual([
      { time: 1276020076001, values: [['voltage', 120.1, 'V']] },
      { time: 1276020071001, values: [['current', 1.2, 'A']] },
      { time: 1276020072001, values: [['current', 1.3, 'A']] },
    ]);
  });

  it('section 4.5.3: times below 2^28 count from the receipt', () => {
    expect(parse([{ n: 'a', t: -60, v: 1 }])).toEqual([{ time: NOW - 60_000, relative: true, values: [['a', 1]] }]);
    expect(parse([{ n: 'a', v: 1 }])).toEqual([{ values: [['a', 1]] }]);
  });

  it('section 5.1.4: booleans and texts; data values are no readings', () => {
    const pack = [
      { n: 'a', vb: true },
      { n: 'b', vs: 'open' },
      { n: 'c', vd: 'aGk' },
      { n: 'd', v: 1 },
    ];
    expect(parse(pack)).toEqual([
      {
        values: [
          ['a', true],
          ['b', 'open'],
          ['c', { vd: 'aGk' }],
          ['d', 1],
        ],
      },
    ]);
  });

  it('base values add to values, or stand for them', () => {
    expect(parse([{ bn: 'a', bv: 20, v: 1.5 }, { v: 2 }, { bv: 7 }])).toEqual([
      {
        values: [
          ['a', 21.5],
          ['a', 22],
          ['a', 7],
        ],
      },
    ]);
  });

  it('values of one time are one record', () => {
    const pack = [
      { bt: 1.7e9, n: 'a', v: 1 },
      { n: 'b', v: 2 },
      { n: 'c', t: 1, v: 3 },
    ];
    expect(parse(pack)).toMatchObject([
      {
        values: [
          ['a', 1],
          ['b', 2],
        ],
      },
      { values: [['c', 3]] },
    ]);
  });

  it.each([
    ['a base name that is no text', [{ bn: 1, n: 'a', v: 1 }]],
    ['a base time that is no number', [{ bt: 'now', n: 'a', v: 1 }]],
    ['a newer version', [{ bver: 11, n: 'a', v: 1 }]],
    ['a field that must be understood', [{ n: 'a', v: 1, unheard_: 1 }]],
    ['a record that is no object', [{ n: 'a', v: 1 }, 3]],
  ])('%s makes the pack malformed', (_, pack) => {
    expect(parse(pack).at(-1)).toBe('malformed-senml');
  });

  it('a record without name or value is bad by itself', () => {
    expect(
      parse([
        { n: 'a', v: 1 },
        { n: '%', v: 1 },
        { n: 'b', s: 3 },
        { n: 'c', v: 2 },
      ]),
    ).toEqual([
      {
        values: [
          ['a', 1],
          ['c', 2],
        ],
      },
      'malformed-senml',
      'malformed-senml',
    ]);
  });

  it('answers anything with records or malformed-senml', () => {
    const value = fc.oneof(fc.double(), fc.string({ maxLength: 5 }), fc.boolean(), fc.constant(null));
    const label = fc.constantFrom('n', 'bn', 'bt', 'bu', 'bv', 'bver', 'u', 'v', 'vb', 'vs', 'vd', 's', 't', 'x');
    const record = fc.dictionary(label, value, { maxKeys: 6 });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        const pack = JSON.stringify([{ n: 'a', v: 1 }, ...records]);
        const times: number[] = [];
        try {
          json.parse(Buffer.from(pack), NOW, {
            record: (time) => void (time !== undefined && times.push(time)),
            value: () => {},
            bad: () => {},
          });
        } catch (error) {
          expect((error as Rejected).code).toBe('malformed-senml');
          expect(error).toBeInstanceOf(Rejected);
        }
        for (const time of times) expect(time).not.toBeNaN();
      }),
      { numRuns: 2000 },
    );
  });
});
