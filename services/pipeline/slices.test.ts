import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Block } from '../model/block.ts';
import { halve, positionsAfter, recordsIn, remaining, unitsIn } from './slices.ts';
import type { Slice } from './stage.ts';

function block(seq: number, first: number, count: number): Block {
  return { stream: 'acts', seq, first, count, at: seq, body: Buffer.alloc(0) };
}

const batches = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }).map((counts) => {
  let first = 0;
  return counts.map((count, i): Slice => {
    const slice = { block: block(i + 1, first, count), from: 0, to: count };
    first += count;
    return slice;
  });
});

/** Each unit by name, so that halves can be compared with the whole. */
function names(batch: readonly Slice[]): string[] {
  return batch.flatMap(({ block: { seq, count }, from, to }) =>
    count === 0 ? [`tick ${seq}`] : Array.from({ length: to - from }, (_, i) => `${seq}:${from + i}`),
  );
}

test('two halves are the whole, neither is empty, and they differ by one at most', () => {
  fc.assert(
    fc.property(batches, (batch) => {
      fc.pre(unitsIn(batch) > 1);
      const [first, second] = halve(batch);
      expect([...names(first), ...names(second)]).toEqual(names(batch));
      expect(unitsIn(second) - unitsIn(first)).toBeGreaterThanOrEqual(0);
      expect(unitsIn(second) - unitsIn(first)).toBeLessThanOrEqual(1);
    }),
  );
});

test('halved until single, each part ends where the next begins', () => {
  fc.assert(
    fc.property(batches, (batch) => {
      const parts: (readonly Slice[])[] = [batch];
      while (parts.some((part) => unitsIn(part) > 1))
        parts.splice(0, parts.length, ...parts.flatMap((part) => (unitsIn(part) > 1 ? halve(part) : [part])));
      parts.forEach((part, i) => {
        const rest = remaining(batch, new Map([['acts', positionsAfter(part).acts!]]));
        expect(names(rest)).toEqual(parts.slice(i + 1).flatMap(names));
      });
      expect(recordsIn(batch)).toBe(parts.reduce((sum, part) => sum + recordsIn(part), 0));
    }),
  );
});
