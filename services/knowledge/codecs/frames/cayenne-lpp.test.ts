/** Cayenne LPP: channels become ours, every type is read, and a frame that is cut or unknown says so. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foundInFrame } from '../testing/found-in-frame.ts';
import { CAYENNE_TYPES, cayenneLpp } from './cayenne-lpp.ts';
import { bytesOf } from './field.ts';

// The examples of the vendor's document.
it.each([
  ['03670110 056700ff', { 'temperature.3': 27.2, 'temperature.5': 25.5 }],
  ['067104d2fb2e0000', { 'accelerationX.6': 1.234, 'accelerationY.6': -1.234, 'accelerationZ.6': 0 }],
  ['018806765ff2960a0003e8', { 'latitude.1': 42.3519, 'longitude.1': -87.9094, 'altitude.1': 10 }],
])('%s', (frame, values) => {
  expect(foundInFrame(cayenneLpp, frame)).toEqual([{ values }]);
});

it('one channel may have several types, and channel 0 is one', () => {
  expect(foundInFrame(cayenneLpp, '006700fa 006864')).toEqual([
    { values: { 'temperature.0': 25, 'relativeHumidity.0': 50 } },
  ]);
});

it('reads every type in every channel, and never beyond its bytes', () => {
  const row = fc.constantFrom(...CAYENNE_TYPES);
  fc.assert(
    fc.property(fc.array(fc.tuple(row, fc.nat(255), fc.nat(255)), { minLength: 1, maxLength: 6 }), (rows) => {
      const bytes = rows.flatMap(([{ type, fields }, channel, fill]) => [
        channel,
        type,
        ...Array.from({ length: bytesOf(fields) }, () => fill),
      ]);
      const found = foundInFrame(cayenneLpp, Uint8Array.from(bytes));
      const keys = new Set(
        rows.flatMap(([{ fields }, channel]) => fields.flatMap((f) => (f.key ? `${f.key}.${channel}` : []))),
      );
      expect(found.map((r) => (typeof r === 'string' ? r : Object.keys(r.values).sort()))).toEqual(
        keys.size === 0 ? [] : [[...keys].sort()],
      );
      expect(foundInFrame(cayenneLpp, Uint8Array.from(bytes.slice(0, -1))).at(-1)).toBe('codec-failed');
    }),
  );
});

it('keeps what was read before a type that is unknown', () => {
  expect(foundInFrame(cayenneLpp, '006700fa 01ff00')).toEqual([
    { values: { 'temperature.0': 25 } },
    'bad codec-failed: type ff at byte 4 is unknown; 3 bytes were not read',
  ]);
});
