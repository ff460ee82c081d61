import { expect, it } from 'vitest';
import { differences } from './differences.ts';

it('names each place and both values', () => {
  const found = { battery: 87, list: [1, 2], extra: true, nested: { 'a/b': 1 }, same: [{ x: null }] };
  const wanted = { battery: 88, list: [1, 3, 4], nested: { 'a/b': '1' }, same: [{ x: null }], missing: { a: 1 } };
  expect(differences(found, wanted, '/examples/2/expected')).toEqual([
    { pointer: '/examples/2/expected/battery', detail: '87, not 88' },
    { pointer: '/examples/2/expected/list/1', detail: '2, not 3' },
    { pointer: '/examples/2/expected/list/2', detail: 'nothing, not 4' },
    { pointer: '/examples/2/expected/nested/a~1b', detail: '1, not "1"' },
    { pointer: '/examples/2/expected/missing', detail: 'nothing, not {"a":1}' },
    { pointer: '/examples/2/expected/extra', detail: 'true, not nothing' },
  ]);
});

it('finds nothing in equal values, and takes inherited members for none', () => {
  expect(differences([{ a: 1 }], [{ a: 1 }], '')).toEqual([]);
  expect(differences(JSON.parse('{"__proto__":1}'), {}, '')).toEqual([
    { pointer: '/__proto__', detail: '1, not nothing' },
  ]);
});

it('stops at 20', () => {
  expect(differences(Array(50).fill(1), Array(50).fill(2), '')).toHaveLength(20);
});
