import { expect, it } from 'vitest';
import { choices } from './choices.ts';

it('offers each once, in the order of the Danish alphabet', () => {
  const names: Record<string, string> = { a: 'Aarhus', o: 'Ølgod', e: 'Ærø', s: 'Skive', z: 'Åby' };
  const offered = choices(['z', 'e', 's', 'o', 'a', 's'], (id) => names[id] ?? id);
  expect(offered.map((c) => c.text)).toEqual(['Skive', 'Ærø', 'Ølgod', 'Åby', 'Aarhus']);
});
