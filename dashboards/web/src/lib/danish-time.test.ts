import { expect, test } from 'vitest';
import { readDanishTime } from './danish-time.ts';

test.each([
  ['2026-01-15T12:00', '2026-01-15T11:00:00.000Z'],
  ['2026-07-15T12:00', '2026-07-15T10:00:00.000Z'],
  ['2026-07-15T00:30', '2026-07-14T22:30:00.000Z'],
  ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
  ['2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
  ['2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
])('%s is %s', (text, utc) => expect(new Date(readDanishTime(text)).toISOString()).toBe(utc));

test('what is no time', () => {
  for (const text of ['', 'yesterday', '2026-13-01T00:00']) expect(readDanishTime(text)).toBeNaN();
});
