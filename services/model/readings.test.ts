import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeReadings, encodeReadings, MARK, markNames, type ReadingColumns, ReadingWriter } from './readings.ts';

const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
const series = fc.record({ asset: id, quantity: id, owner: id, type: id });
const time = fc.integer({ min: 0, max: 4e12 });
const row = fc.record({
  series: fc.nat(9),
  time,
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  received: time,
  uplink: fc.maxSafeNat(),
  revision: fc.nat(0xffff),
  marks: fc.nat(15),
});
const retraction = fc.record({
  asset: id,
  quantity: id,
  owner: id,
  time,
  uplink: fc.maxSafeNat(),
  revision: fc.nat(99),
});

function plain(columns: ReadingColumns): unknown {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value,
    ]),
  );
}

test('readings come back as they were written, wherever the body lies in memory', () => {
  const some = fc.record({
    refs: fc.uniqueArray(series, { minLength: 10, maxLength: 10, selector: (s) => `${s.asset}\t${s.quantity}` }),
    rows: fc.array(row, { maxLength: 30 }),
    retractions: fc.array(retraction, { maxLength: 3 }),
    ticks: fc.array(time, { maxLength: 3 }),
    shift: fc.nat(7),
  });
  fc.assert(
    fc.property(some, ({ refs, rows, retractions, ticks, shift }) => {
      const writer = new ReadingWriter();
      for (const r of rows)
        writer.push(writer.series(refs[r.series]!), r.time, r.value, r.received, r.uplink, r.revision, r.marks);
      for (const r of retractions) writer.retract(r);
      for (const tick of ticks) writer.tick(tick);
      const columns = writer.columns();
      const body = encodeReadings(columns);
      const moved = new Uint8Array(body.byteLength + shift).subarray(shift);
      moved.set(body);
      const back = decodeReadings(moved);
      expect(plain(back)).toEqual(plain(columns));
      expect(back.count).toBe(rows.length);
      rows.forEach((r, i) => {
        expect(back.series[back.seriesIndex[i]!]).toEqual(refs[r.series]);
        expect(Object.is(back.value[i], r.value)).toBe(true);
      });
    }),
  );
});

test('a writer grows past its first thousand rows and can go back', () => {
  const writer = new ReadingWriter();
  const index = writer.series({ asset: 'a', quantity: 'q', owner: 'o', type: 't' });
  for (let i = 0; i < 5000; i++) writer.push(index, i, i / 2, i, i, 0, 0);
  writer.rewind(4000);
  const { count, value } = writer.columns();
  expect([count, value.length, value[3999]]).toEqual([4000, 4000, 1999.5]);
});

test('marks are bits with names; history is not for people', () => {
  expect(markNames(0)).toEqual([]);
  expect(markNames(MARK.clock | MARK.suspect | MARK.history)).toEqual(['clock', 'suspect']);
  expect(markNames(15)).toEqual(['clock', 'late', 'suspect']);
});
