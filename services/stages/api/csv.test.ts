import { describe, expect, it } from 'vitest';
import { DANISH, danishTime, PROGRAM, textCell } from './csv.ts';

describe('CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x";"y")'])(
    '%j is no formula',
    (text) => {
      for (const dialect of [PROGRAM, DANISH]) expect(textCell(text, dialect).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('quotes what a separator, a quote or a line break would tear apart', () => {
    expect(textCell('a;b', DANISH)).toBe('"a;b"');
    expect(textCell('a;b', PROGRAM)).toBe('a;b');
    expect(textCell('a,b', PROGRAM)).toBe('"a,b"');
    expect(textCell('Pst. "Åvej"', PROGRAM)).toBe('"Pst. ""Åvej"""');
  });

  it('writes numbers as their readers do', () => {
    expect(DANISH.number(-12.5)).toBe('-12,5');
    expect(PROGRAM.number(-12.5)).toBe('-12.5');
  });

  it('knows Danish time, also where summer ends', () => {
    expect(danishTime(Date.UTC(2026, 10, 23, 12))).toBe('2026-11-23 13:00:00');
    expect(danishTime(Date.UTC(2026, 6, 1, 12))).toBe('2026-07-01 14:00:00');
    expect(danishTime(Date.UTC(2026, 9, 25, 0, 59, 59))).toBe('2026-10-25 02:59:59');
    expect(danishTime(Date.UTC(2026, 9, 25, 1))).toBe('2026-10-25 02:00:00');
  });
});
