import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFields, encodePoint, hourlyOf, seriesKey } from './encode-lines.ts';

const POINT = { value: 21.5, received: 1_767_225_600_500, uplink: 7, revision: 1, marks: 4 };

describe('a reading as a line', () => {
  it('has its type as measurement, three tags, and floats alone', () => {
    const key = seriesKey('waste-container', { asset: 'a-1', owner: 'aarhus', quantity: 'temperature.2' });
    expect(encodePoint(key, POINT, 1_767_225_600_000)).toBe(
      'waste-container,asset=a-1,owner=aarhus,quantity=temperature.2 marks=4,received=1767225600500,revision=1,uplink=7,value=21.5 1767225600000',
    );
    expect(encodeFields(seriesKey(hourlyOf('room'), { asset: 'a', owner: 'o', quantity: 'q' }), { count: 1 }, 5)).toBe(
      'room.hourly,asset=a,owner=o,quantity=q count=1 5',
    );
  });

  it('writes every number as JavaScript reads it back', () => {
    const time = fc.oneof(
      fc.integer({ min: 0, max: 4e12 }),
      fc.constantFrom(0, 999_999, 1e6, 1e12 + 1, 9_223_372_036_853),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(time, time, fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 3 }),
        (rows) => {
          for (const [at, received, value] of rows) {
            const line = encodePoint('k', { ...POINT, received, value }, at);
            const [, text, , digits, end] =
              /^k marks=4,received=(\d+),revision=1,uplink=(7),value=(\S+) (\d+)$/.exec(line) ?? [];
            expect([text, Number(digits), end]).toEqual([String(received), value + 0, String(at)]);
          }
        },
      ),
    );
  });

  it('escapes what separates', () => {
    expect(seriesKey('a b,c=d', { asset: 'x,y', owner: 'k=v', quantity: 'to ord' })).toBe(
      'a\\ b\\,c=d,asset=x\\,y,owner=k\\=v,quantity=to\\ ord',
    );
  });

  it('can be taken apart again whatever the names are', () => {
    const any = fc.string({ minLength: 1, maxLength: 30, unit: 'binary' });
    fc.assert(
      fc.property(any, any, any, any, (measurement, asset, owner, quantity) => {
        let key: string;
        try {
          key = seriesKey(measurement, { asset, owner, quantity });
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(key).not.toMatch(/[\n\r]/);
        // A separator is one that no backslash stands before; our names hold no backslash of their own.
        const [name, ...tags] = key.split(/(?<!\\),/).map((part) => part.split(/(?<!\\)=/));
        const plain = (text = '') => text.replaceAll(/\\([, =])/g, '$1');
        expect(plain(name?.join('='))).toBe(measurement);
        expect(tags.map(([tag, value]) => [tag, plain(value)])).toEqual([
          ['asset', asset],
          ['owner', owner],
          ['quantity', quantity],
        ]);
      }),
    );
  });

  it('refuses what no line can hold', () => {
    for (const bad of ['', 'a\nb', 'a\rb', 'a\\', '\u0000', '\ud800'])
      expect(() => seriesKey('room', { asset: bad, owner: 'o', quantity: 'q' })).toThrow(RangeError);
    expect(() => seriesKey('#room', { asset: 'a', owner: 'o', quantity: 'q' })).toThrow(RangeError);
    expect(() => encodeFields('room', { sum: Number.POSITIVE_INFINITY }, 0)).toThrow(RangeError);
  });
});
