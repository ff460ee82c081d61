/** Rows that can be told from their batch's number alone: new ones, a correction and a duplicate of the batch before. */

import { batch } from '../../../../../test/lib/reading-batch.ts';
import type { ReadingColumns } from '../../../../model/readings.ts';

export const crashLimits = { sealRows: 300, sealAfter: 0, fanIn: 2 };
const START = Date.UTC(2026, 3, 1) - 3600_000;

export const NEW_ROWS = 20;

/** Batch `seq` (1, 2, …): NEW_ROWS new values, then one corrected and one repeated from the batch before. */
export function crashBatch(seq: number): ReadingColumns {
  const rows = Array.from({ length: NEW_ROWS }, (_, i) => row(seq, i));
  const before = seq - 1;
  if (before < 1) return batch(rows);
  return batch([...rows, { ...row(before, 3), value: -before, uplink: seq }, row(before, 4)]);
}

function row(seq: number, i: number) {
  return { asset: `a${i % 5}`, time: START + seq * 10_000 + i, value: seq + i / 10, uplink: seq };
}
