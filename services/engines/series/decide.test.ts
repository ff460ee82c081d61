/** The decision where a sealed value's uplink is known exactly, about, or not at all any more. */
import { describe, expect, it } from 'vitest';
import { batch, type RetractionRow, type Row } from '../../../test/lib/reading-batch.ts';
import { NO_STORE_COUNTS } from '../../model/ledger.ts';
import { Decision, keyName, type Range } from './decide.ts';
import { SeriesDictionary } from './dictionary.ts';

const T0 = Date.UTC(2026, 2, 1);
const EXACTLY_50: Range = { from: 50, to: 50 };
const ABOUT_50: Range = { from: 0, to: 4095 };
const FORGOTTEN: Range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** What becomes of `row` or a retraction when the value 1, revision 1, is stored in a sealed part. */
function decide(uplinks: Range, row?: Partial<Row>, retraction?: Partial<RetractionRow>) {
  const dictionary = new SeriesDictionary();
  dictionary.load({ asset: 'a1', quantity: 'temperature', owner: 'aarhus', type: 'room' });
  dictionary.publish(0, { time: T0 + 1, value: 0, received: 0, marks: 0, uplink: 0, revision: 0 });
  const rows = row ? [{ time: T0, value: 1, ...row }] : [];
  const retractions = retraction ? [{ time: T0, uplink: 0, revision: 2, ...retraction }] : [];
  const decision = new Decision(dictionary, [batch(rows, retractions)]);
  decision.settle([[keyName(0, T0), { generation: -1, row: 0, value: 1, uplinks, revision: 1, contested: false }]]);
  const { readings, corrections, duplicates, retracted } = decision.counts.get('aarhus') ?? NO_STORE_COUNTS;
  const key = decision.keys.get(keyName(0, T0))!; // looked up above
  return { counts: [readings, corrections, duplicates, retracted], replaced: key.replaced, contested: key.contested };
}

describe('semantics: New, duplicate or correction', () => {
  it('knows the owner exactly', () => {
    const of = (row: Partial<Row>) => decide(EXACTLY_50, row);
    expect(of({ value: 2, uplink: 49, revision: 9 })).toMatchObject({ counts: [0, 0, 1, 0], replaced: false });
    expect(of({ value: 2, uplink: 50, revision: 0 })).toMatchObject({ counts: [0, 0, 1, 0], replaced: false });
    expect(of({ value: 2, uplink: 50, revision: 2 })).toMatchObject({ counts: [0, 1, 0, 0], contested: false });
    expect(of({ value: 2, uplink: 51, revision: 0 })).toMatchObject({ counts: [0, 1, 0, 0], contested: true });
    expect(of({ value: 1, uplink: 51 })).toMatchObject({ counts: [0, 0, 1, 0], replaced: true, contested: true });
    expect(of({ value: 1, uplink: 50, revision: 2 })).toMatchObject({ counts: [0, 0, 1, 0], replaced: false });
  });

  it('takes a first decoding for newer and a later one for the owner, where the owner is known only about', () => {
    const of = (row: Partial<Row>) => decide(ABOUT_50, row);
    expect(of({ value: 2, uplink: 51 })).toMatchObject({ counts: [0, 1, 0, 0], contested: true });
    expect(of({ value: 1, uplink: 51 })).toMatchObject({ counts: [0, 0, 1, 0], replaced: true, contested: true });
    expect(of({ value: 2, uplink: 50, revision: 2 })).toMatchObject({ counts: [0, 1, 0, 0], contested: false });
    expect(of({ value: 1, uplink: 50, revision: 2 })).toMatchObject({ counts: [0, 0, 1, 0], replaced: false });
    expect(of({ value: 2, uplink: 5000, revision: 3 })).toMatchObject({ counts: [0, 1, 0, 0], contested: true });
  });

  it('lets whoever comes win, where the owner is forgotten', () => {
    const of = (row: Partial<Row>) => decide(FORGOTTEN, row);
    expect(of({ value: 2, uplink: 3, revision: 1 })).toMatchObject({ counts: [0, 1, 0, 0] });
    expect(of({ value: 2, uplink: 9000 })).toMatchObject({ counts: [0, 1, 0, 0] });
    expect(of({ value: 1, uplink: 9000 })).toMatchObject({ counts: [0, 0, 1, 0], replaced: false });
  });
});

describe('semantics: Re-decoding', () => {
  it('retracts unless a newer uplink owns the value', () => {
    expect(decide(EXACTLY_50, undefined, { uplink: 50 })).toMatchObject({ counts: [0, 0, 0, 1], replaced: true });
    expect(decide(EXACTLY_50, undefined, { uplink: 49 })).toMatchObject({ counts: [0, 0, 0, 0], replaced: false });
    expect(decide(ABOUT_50, undefined, { uplink: 50 })).toMatchObject({ counts: [0, 0, 0, 1], replaced: true });
    expect(decide(FORGOTTEN, undefined, { uplink: 50 })).toMatchObject({ counts: [0, 0, 0, 1], replaced: true });
  });
});
