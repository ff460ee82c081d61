import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf } from './bounds.ts';
import { danishSortKey, foldText } from './danish.ts';

const sorted = (names: string[]): string[] =>
  names.toSorted((a, b) => (danishSortKey(a) < danishSortKey(b) ? -1 : danishSortKey(a) > danishSortKey(b) ? 1 : 0));

describe('danish order', () => {
  it('has æ, ø, å last, and aa as å', () => {
    const right = ['Anholt', 'Billund', 'Zealand', 'Ærø', 'Østerby', 'Aabenraa', 'Ålborg', 'Aarhus'];
    expect(sorted(right.toReversed())).toEqual(right);
  });

  it('agrees with the Danish collation of Unicode for names of letters', () => {
    const collator = new Intl.Collator('da', { sensitivity: 'base' });
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvxyzæøåéü'.split(''));
    const name = fc.string({ unit: letters, minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [x, y] = [danishSortKey(a), danishSortKey(b)];
        return Math.sign(collator.compare(a, b)) === (x < y ? -1 : x > y ? 1 : 0);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('sorts numbers by value, however long', () => {
    const right = ['Brønd 2', 'Brønd 010', 'Brønd 11', 'Brønd 100', `Brønd ${'9'.repeat(15)}`];
    expect(sorted(right.toReversed())).toEqual(right);
  });
});

describe('danish search', () => {
  it('finds a name whatever way it is written', () => {
    for (const [text, query] of [
      ['Åbyhøj', 'aabyhoej'],
      ['Ærøskøbing', 'aeroeskoebing'],
      ['Aarhus', 'århus'],
      ['Café', 'cafe'],
      ['Ærø', 'ÆRØ'],
    ] as const)
      expect(foldText(text), `${text} ${query}`).toContain(foldText(query));
  });

  it('finds any part of any text by itself', () => {
    // A query is folded alone, so folding must not depend on what stands around a whole word.
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'aeoøåæbn'.split('')), maxLength: 5 })), (words) =>
        words.every((word) => foldText(words.join(' ')).includes(foldText(word))),
      ),
    );
  });
});

describe('bounds of a place', () => {
  it('holds every position of any geometry', () => {
    expect(boundsOf({ lat: 56, lon: 9 })).toEqual({ west: 9, south: 56, east: 9, north: 56 });
    const ring = [
      [9, 56],
      [10, 56],
      [10, 57.5],
      [9, 56],
    ];
    const around = { west: 9, south: 56, east: 10, north: 57.5 };
    expect(boundsOf({ type: 'LineString', coordinates: ring })).toEqual(around);
    expect(boundsOf({ type: 'Polygon', coordinates: [ring] })).toEqual(around);
    expect(boundsOf({ type: 'MultiPolygon', coordinates: [[ring], [[[8, 55, 3]]]] })).toEqual({
      ...around,
      west: 8,
      south: 55,
    });
  });

  it('has none for what holds no position, however deep', () => {
    expect(boundsOf(undefined)).toBeUndefined();
    expect(boundsOf({ type: 'Polygon', coordinates: [] })).toBeUndefined();
    let deep: unknown[] = [9, 56];
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(boundsOf({ type: 'Polygon', coordinates: deep })).toBeUndefined();
  });
});
