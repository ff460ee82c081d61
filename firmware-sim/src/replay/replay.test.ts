import { describe, expect, it } from 'vitest';
import { parseCsv } from './csv.ts';
import { datasets, loadReplay } from './replay.ts';

const NOW = Date.parse('2026-11-23T19:00:00Z');
const of = (id: string) => loadReplay(datasets.find((d) => d.id === id)!, NOW); // an id of the list

describe('replay', () => {
  it('accounts for every row of the Edinburgh bins: two values each', async () => {
    const { expected, messages, registration } = await of('edinburgh');
    expect(expected).toEqual({
      rows: 10_000,
      uplinks: 10_000,
      decoded: 10_000,
      rejected: 0,
      values: 20_000,
      readings: 20_000,
      corrections: 0,
      duplicates: 0,
    });
    expect(messages).toHaveLength(10_000);
    expect(registration.devices).toHaveLength(334);
  });

  it('accounts for every row of the DTU bins, 42 of which come twice', async () => {
    const { expected, messages } = await of('dtu');
    expect(expected).toEqual({
      rows: 1737,
      uplinks: 1737,
      decoded: 1737,
      rejected: 0,
      values: 1737,
      readings: 1695,
      corrections: 0,
      duplicates: 42,
    });
    expect(JSON.parse(messages[0]?.payload ?? '')).toMatchObject({ distance: 1000 });
  });

  it('accounts for every row of the Aarhus segments: one never spoke and is a reject, 25 have a speed', async () => {
    const { expected } = await of('aarhus');
    expect(expected).toEqual({
      rows: 929,
      uplinks: 929,
      decoded: 928,
      rejected: 1,
      values: 953,
      readings: 953,
      corrections: 0,
      duplicates: 0,
    });
  });

  it('moves rows by whole weeks to end in the week before now, so that a Friday stays a Friday', async () => {
    const { messages } = await of('edinburgh');
    const first = JSON.parse(messages[0]?.payload ?? '')[0];
    const last = JSON.parse(messages.at(-1)?.payload ?? '')[1];
    const moved = Date.parse(first.time) - Date.parse('2016-06-03T12:23:26Z'); // 13:23:26 in Edinburgh
    expect(moved % (7 * 86_400_000)).toBe(0);
    expect(first.fillingLevel).toBe(43);
    expect(last.fillingLevel).toBe(0);
    expect(Date.parse(last.time)).toBeLessThanOrEqual(NOW + 1000);
    expect(Date.parse(last.time)).toBeGreaterThan(NOW - 7 * 86_400_000 - 1000);
  });

  it('names its source and licence', () => {
    for (const { attribution } of datasets) expect(attribution).toMatch(/Open Government Licence|MIT|CC BY/);
  });
});

describe('csv', () => {
  it('reads quotes, commas and line ends within fields', () => {
    expect(parseCsv('a,b\r\n"x, ""y""",1\n"two\nlines",2')).toEqual([
      { a: 'x, "y"', b: '1' },
      { a: 'two\nlines', b: '2' },
    ]);
  });

  it('refuses a row with a field too few', () => {
    expect(() => parseCsv('a,b\n1\n')).toThrow('row 2 has 1 fields, the head 2');
  });
});
