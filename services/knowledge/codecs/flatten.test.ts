import { describe, expect, it } from 'vitest';
import { recordsOf } from './flatten.ts';

describe('recordsOf', () => {
  it.each([
    [
      'an object',
      { temperature: 21.5, open: true, state: 'ok' },
      [
        {
          time: undefined,
          values: [
            ['temperature', 21.5],
            ['open', true],
            ['state', 'ok'],
          ],
        },
      ],
    ],
    ['members inside', { air: { temperature: 1, co2: null } }, [{ time: undefined, values: [['air.temperature', 1]] }]],
    [
      '{value, unit}',
      { pressure: { displayName: 'Pressure', value: -0.01, unit: 'bar' } },
      [{ time: undefined, values: [['pressure', -0.01]] }],
    ],
    [
      'records with times',
      [
        { time: '2026-01-02T03:04:05Z', t: 1 },
        { time: 1767323045000, t: 2 },
      ],
      [
        { time: 1767323045000, values: [['t', 1]] },
        { time: 1767323045000, values: [['t', 2]] },
      ],
    ],
    [
      'history inside, in seconds',
      { depth: 5, history: [{ timestamp: 1767323045, depth: 4 }] },
      [
        { time: undefined, values: [['depth', 5]] },
        { time: 1767323045000, values: [['depth', 4]] },
      ],
    ],
    [
      'lists of anything else are left out',
      { raw: [1, 2], list: [{ a: 1 }], n: 1 },
      [{ time: undefined, values: [['n', 1]] }],
    ],
    ['nothing', { a: null, b: [], c: {} }, []],
    ['no object', 'text', []],
  ])('%s', (_, data, expected) => {
    // History is told before or after what surrounds it; the order of records does not matter.
    expect(recordsOf(data)).toEqual(expected);
  });

  it('is bounded, however deep or long', () => {
    let deep: object = { a: 1 };
    for (let i = 0; i < 1000; i++) deep = { deep };
    expect(recordsOf(deep)).toEqual([]);
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]));
    expect(recordsOf(many)[0]!.values).toHaveLength(2000);
  });
});
