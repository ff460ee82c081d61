import { describe, expect, it } from 'vitest';
import type { Block } from '../../model/block.ts';
import type { Listener, LiveReading } from '../../model/live.ts';
import { encodeReadings, MARK, ReadingWriter } from '../../model/readings.ts';
import { handOverReadings } from './hand-over.ts';
import { WhoWants } from './who-wants.ts';

function block(rows: [asset: string, quantity: string, value: number, marks?: number][]): Block {
  const writer = new ReadingWriter();
  writer.tick(1000);
  for (const [asset, quantity, value, marks = 0] of rows)
    writer.push(writer.series({ asset, quantity, owner: 'o', type: 't' }), value, value, value, 0, 0, marks);
  return { stream: 'readings', seq: 1, first: 100, count: rows.length, at: 0, body: encodeReadings(writer.columns()) };
}

function listener(asset: string | undefined, wants: Listener['wants']): Listener & { got: LiveReading[] } {
  const got: LiveReading[] = [];
  const base = {
    busy: false,
    wants,
    got,
    reading: (r: LiveReading) => got.push(r),
    flush: () => {},
    skipped: () => {},
  };
  return asset === undefined ? base : { ...base, asset };
}

const ROWS = block([
  ['a', 'x', 1],
  ['ab', 'x', 2],
  ['a', 'y', 3],
  ['b', 'x', 4, MARK.history],
  ['a', 'x', 5, MARK.late],
]);

describe('handing over a block', () => {
  it.each([
    ['looking for the asset', 'a' as string | undefined],
    ['asking for each series', undefined],
  ])('gives the rows wanted, %s', (_how, asset) => {
    const one = listener(asset, (s) => s.asset === 'a');
    const who = new WhoWants();
    who.set(new Set([one]));
    handOverReadings(ROWS, 0, who);
    expect(one.got.map((r) => [r.series.quantity, r.value, r.offset, r.marks])).toEqual([
      ['x', 1, 100, 0],
      ['y', 3, 102, 0],
      ['x', 5, 104, MARK.late],
    ]);
  });

  it('begins where the listener is, and leaves history out', () => {
    const all = listener(undefined, () => true);
    const who = new WhoWants();
    who.set(new Set([all]));
    handOverReadings(ROWS, 102, who);
    expect(all.got.map((r) => r.value)).toEqual([3, 5]);
  });

  it('asks who wants a series once, until something changes', () => {
    let asked = 0;
    const one = listener(undefined, () => {
      asked++;
      return false;
    });
    const who = new WhoWants();
    who.set(new Set([one]));
    handOverReadings(ROWS, 0, who);
    handOverReadings(ROWS, 0, who);
    expect(asked).toBe(4);
    who.forget();
    handOverReadings(ROWS, 0, who);
    expect(asked).toBe(8);
  });
});
