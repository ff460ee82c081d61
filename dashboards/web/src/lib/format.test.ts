import { describe, expect, test } from 'vitest';
import { ageText, clockText, numberText, tickText, timeText, unitText } from './format.ts';

const AT = Date.parse('2026-11-23T20:14:05Z');
const HOUR = 3_600_000;
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers and units', () => {
  test('a Danish number has a decimal comma, an English one a point', () => {
    expect(numberText(1234.56, 'da-DK')).toBe('1.234,6');
    expect(numberText(1234.56, 'en-GB')).toBe('1,234.6');
    expect(numberText(2.314, 'da-DK', 2)).toBe('2,31');
    expect(numberText(41, 'da-DK', 2)).toBe('41');
    expect(numberText(0.5, 'da-DK', 2, true)).toBe('0,50');
  });

  test('UCUM codes are shown as people write them', () => {
    expect(unitText('Cel')).toBe('°C');
    expect(unitText('ug/m3')).toBe('µg/m³');
    expect(unitText('m3/h')).toBe('m³/h');
    expect(unitText('%')).toBe('%');
    expect(unitText('{vehicle}')).toBe('');
    expect(unitText('[ppm]')).toBe('ppm');
  });
});

describe('times', () => {
  test('are Danish time whatever zone the browser is in', () => {
    expect(plain(timeText(AT, 'da-DK'))).toBe('23. nov. 2026, 21.14');
    expect(timeText('2026-07-01T10:00:00Z', 'en-GB')).toBe('1 Jul 2026, 12:00');
    expect(clockText(AT, 'da-DK')).toBe('21.14.05');
  });

  test('name their zone in the hour that happens twice, and only there', () => {
    const summer = plain(timeText('2026-10-25T00:30:00Z', 'da-DK'));
    const winter = plain(timeText('2026-10-25T01:30:00Z', 'da-DK'));
    expect(summer).toContain('02.30');
    expect(winter).toContain('02.30');
    expect(summer).not.toBe(winter);
    expect(plain(timeText('2026-10-25T02:30:00Z', 'da-DK'))).toBe('25. okt. 2026, 03.30');
  });

  test('an axis shows hours by time, midnight and days by date, months by name', () => {
    expect(tickText(Date.parse('2026-11-23T13:00:00Z'), 2 * HOUR, 'da-DK')).toBe('14.00');
    expect(tickText(Date.parse('2026-11-22T23:00:00Z'), 2 * HOUR, 'da-DK')).toBe('23. nov.');
    expect(tickText(Date.parse('2026-11-23T13:00:00Z'), 24 * HOUR, 'en-GB')).toBe('23 Nov');
    expect(tickText(Date.parse('2026-11-23T13:00:00Z'), 30 * 24 * HOUR, 'da-DK')).toBe('nov. 2026');
  });
});

describe('ages', () => {
  test.each([
    [0, 'nu'],
    [9_000, 'nu'],
    [42_000, 'for 42 sekunder siden'],
    [60_000, 'for 1 minut siden'],
    [3 * HOUR + 59_000, 'for 3 timer siden'],
    [49 * HOUR, 'for 2 dage siden'],
  ])('%i ms ago is "%s"', (age, text) => {
    expect(ageText(AT - age, AT, 'da-DK')).toBe(text);
  });

  test('a time ahead of now is now', () => {
    expect(ageText(AT + HOUR, AT, 'en-GB')).toBe('now');
  });
});
