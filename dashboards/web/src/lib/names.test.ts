import { expect, test } from 'vitest';
import { idOf, nameWithId } from './names.ts';

const ALL = [
  { id: 'em300', name: 'Milesight EM300-TH' },
  { id: 'k1', name: 'Kurv' },
  { id: 'k2', name: 'Kurv' },
  { id: 'plain', name: 'plain' },
];

test.each([
  ['Milesight EM300-TH (em300)', 'em300'],
  ['em300', 'em300'],
  [' milesight em300-th ', 'em300'],
  ['Kurv (k2)', 'k2'],
  ['Kurv', undefined],
  ['plain', 'plain'],
  ['', undefined],
])('%j stands for %s', (text, id) => expect(idOf(text, ALL)).toBe(id));

test('a suggestion stands for its own thing', () => {
  for (const named of ALL) expect(idOf(nameWithId(named), ALL)).toBe(named.id);
});
