/** Payloads of our own form: what they say, what is refused, and that nothing random does harm. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rejected } from '../../../model/errors.ts';
import { REJECT_REASONS } from '../../../model/reject.ts';
import { found, NOW } from '../testing/found.ts';
import { json } from './json.ts';

const parse = (payload: string | Uint8Array) => found(json, payload);

describe('json', () => {
  it('an object is one record', () => {
    expect(parse('{"time":"2026-11-23T12:00:00Z","fillingLevel":73.5,"batteryVoltage":3.61}')).toEqual([
      {
        time: NOW,
        values: [
          ['fillingLevel', 73.5],
          ['batteryVoltage', 3.61],
        ],
      },
    ]);
  });

  it('an array is a batch, and a bad item leaves the others alone', () => {
    expect(parse('[{"a":1},3,{"time":"noon","a":2},{"time":1795435200000,"a":3}]')).toEqual([
      { values: [['a', 1]] },
      'malformed-json',
      'invalid-time',
      { time: NOW, values: [['a', 3]] },
    ]);
  });

  it.each([['""'], ['1'], ['null'], ['true'], [''], ['{"a":1}{'], ['{"a":1,}'], ["{'a':1}"], ['{"a":01}'], ['[1,]']])(
    '%s is malformed',
    (payload) => {
      expect(parse(payload)).toEqual(['malformed-json']);
    },
  );

  it('a byte order mark is ignored, bytes that are not UTF-8 are refused', () => {
    expect(parse('\ufeff{"a":1}')).toEqual([{ values: [['a', 1]] }]);
    expect(parse(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toEqual(['malformed-json']);
  });

  it('of a key that occurs twice the last counts', () => {
    expect(parse('{"a":1,"a":2}')).toEqual([{ values: [['a', 2]] }]);
  });

  it('16 levels are read, 17 are not, and brackets in texts are none', () => {
    const nested = (n: number) => `${'['.repeat(n - 1)}{"a":1}${']'.repeat(n - 1)}`;
    expect(parse(nested(16))).toEqual(['malformed-json']);
    expect(parse(nested(17))).toEqual(['too-deep']);
    expect(parse(`{"k":"${'['.repeat(99)}","q\\"${'{'.repeat(99)}":2}`)).toHaveLength(1);
  });

  it('a bomb of a million brackets is refused before it is built', () => {
    const began = performance.now();
    expect(parse('['.repeat(1_000_000))).toEqual(['too-deep']);
    expect(performance.now() - began).toBeLessThan(50);
  });

  it('keys of the prototype are keys like others', () => {
    expect(parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}')).toMatchObject([
      {
        values: [
          ['__proto__', { polluted: 1 }],
          ['constructor', {}],
          ['a', 1],
        ],
      },
    ]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('gives back every object of numbers', () => {
    const key = fc.string({ minLength: 1 }).filter((k) => k !== 'time' && !/^\d+$/.test(k));
    fc.assert(
      fc.property(fc.dictionary(key, fc.double({ noNaN: true, noDefaultInfinity: true })), (object) => {
        const values = Object.entries(JSON.parse(JSON.stringify(object)) as Record<string, number>);
        expect(parse(JSON.stringify(object))).toEqual([{ values }]);
      }),
    );
  });

  it('answers anything with records or a published reason', () => {
    const anything = fc.oneof(
      fc.json({ maxDepth: 20 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'[]{}":,\\0.eE-tfn \u0000\ud800') }).map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(anything, (payload) => {
        try {
          json.parse(payload, NOW, { record: () => {}, value: () => {}, bad: () => {} });
        } catch (error) {
          expect(error).toBeInstanceOf(Rejected);
          expect(REJECT_REASONS).toContain((error as Rejected).code);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
