import { expect, test } from 'vitest';
import { emptyRow, mappingRows, readMapping } from './mapping-form.ts';

const MAPPING = {
  temp_f: { quantity: 'temperature.2', factor: 5 / 9, offset: -160 / 9 },
  door: { quantity: 'doorState' },
};
const isState = (name: string) => name === 'doorState';

test('a mapping is typed and read back the same, in both languages', () => {
  for (const locale of ['da-DK', 'en-GB'])
    expect(readMapping(mappingRows(MAPPING, locale), isState)).toEqual({ mapping: MAPPING, faults: new Map() });
});

test('empty rows are left out, and each fault is told by row and field', () => {
  const row = (more: object) => ({ ...emptyRow(), ...more });
  const { faults } = readMapping(
    [
      row({ key: 'a', quantity: 'co2' }),
      row({}),
      row({ key: 'a', quantity: 'co2' }),
      row({ key: 'b' }),
      row({ quantity: 'co2', factor: '0', offset: 'x' }),
      row({ key: 'door', quantity: 'doorState', factor: '2' }),
    ],
    isState,
  );
  expect([...faults]).toEqual([
    [2, [['key', 'twice']]],
    [3, [['quantity', 'required']]],
    [
      4,
      [
        ['key', 'required'],
        ['factor', 'zero'],
        ['offset', 'number'],
      ],
    ],
    [5, [['factor', 'state']]],
  ]);
});
