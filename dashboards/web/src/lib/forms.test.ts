import { expect, test } from 'vitest';
import { filled, isId, readNumber, typedNumber } from './forms.ts';

test.each([
  ['1,5', 1.5],
  ['1.5', 1.5],
  [' -0,001 ', -0.001],
  ['−2', -2],
  ['1e-3', 0.001],
  ['', undefined],
  ['1.000,5', undefined],
  ['Infinity', undefined],
  ['1e999', undefined],
  ['abc', undefined],
])('a typed number %j', (text, value) => expect(readNumber(text)).toBe(value));

test('a number is typed with the decimal sign of the language and read back the same', () => {
  expect(typedNumber(5 / 9, 'da-DK')).toBe('0,5555555555555556');
  expect(readNumber(typedNumber(5 / 9, 'da-DK'))).toBe(5 / 9);
  expect(typedNumber(0.1, 'en-GB')).toBe('0.1');
  expect(typedNumber(undefined, 'da-DK')).toBe('');
});

test('ids and empty fields', () => {
  expect(['a', 'em300-1', 'a.b_c', 'A', '-a', '', 'æ', 'a'.repeat(65)].filter(isId)).toEqual(['a', 'em300-1', 'a.b_c']);
  expect(filled({ a: 'x', b: ' ', c: undefined })).toEqual({ a: 'x' });
});
