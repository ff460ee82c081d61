import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeriesDictionary } from '../dictionary.ts';
import { type Span, selectSpans, spansOfHours, spansOfTimes } from './spans.ts';

const HOUR = 3_600_000;
const DICTIONARY = new SeriesDictionary();
for (let i = 0; i < 250; i++)
  DICTIONARY.idFor({ asset: `a${i}`, quantity: i % 50 === 0 ? 'humidity' : 'temperature', owner: 'o', type: 'room' });
const PARTS = { dictionary: DICTIONARY, columns: '"value"', measurement: (type: string) => type, and: '' };

const span = fc
  .record({ series: fc.nat({ max: 249 }), hour: fc.nat({ max: 40 }), hours: fc.integer({ min: 1, max: 30 }) })
  .map(({ series, hour, hours }): Span => ({ series, from: hour * HOUR, to: (hour + hours) * HOUR }));

it('every moment of every series is asked for once', () => {
  const spans = fc.uniqueArray(span, { selector: (s) => s.series, maxLength: 120 });
  fc.assert(
    fc.property(spans, fc.integer({ min: 0, max: 75 * HOUR }), (all, time) => {
      const selects = selectSpans(all, PARTS);
      for (const { series, from, to } of all) {
        const asked = selects.filter((select) => select.covers(series, time)).length;
        expect(asked).toBe(time >= from && time < to ? 1 : 0);
      }
    }),
  );
});

it('series of about the same period share a question, a hundred at a time', () => {
  const spans = Array.from({ length: 250 }, (_, series) => ({ series, from: 0, to: HOUR }));
  expect(selectSpans(spans, PARTS)).toHaveLength(4); // 245 of one quantity, 5 of the other
});

it('times far apart are not one span, neighbouring hours are', () => {
  expect(spansOfTimes(1, [0, HOUR, 20 * HOUR])).toEqual([
    { series: 1, from: 0, to: HOUR + 1 },
    { series: 1, from: 20 * HOUR, to: 20 * HOUR + 1 },
  ]);
  expect(spansOfHours(1, [3, 4, 6])).toEqual([
    { series: 1, from: 3 * HOUR, to: 5 * HOUR },
    { series: 1, from: 6 * HOUR, to: 7 * HOUR },
  ]);
});

it('a moved asset is looked for under each of its types', () => {
  const dictionary = new SeriesDictionary();
  dictionary.idFor({ asset: 'a', quantity: 'q', owner: 'o', type: 'room' });
  dictionary.idFor({ asset: 'a', quantity: 'q', owner: 'o', type: 'hall' });
  const statements = selectSpans([{ series: 0, from: 0, to: 1 }], { ...PARTS, dictionary }).map((s) => s.statement);
  expect(statements.map((s) => /FROM "(\w+)"/.exec(s)?.[1])).toEqual(['hall', 'room']);
});
