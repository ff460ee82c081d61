/** A part of a block's rows: a block comes in parts after a restart, or while a batch with a bad record is being halved. */
import type { ReadingColumns } from '../../model/readings.ts';

/** Rows `from` to `to` (exclusive). Retractions take no offset; they go with the first row, ticks too. */
export function sliceReadings(columns: ReadingColumns, from: number, to: number): ReadingColumns {
  if (from === 0 && to === columns.count) return columns;
  return {
    count: to - from,
    series: columns.series,
    seriesIndex: columns.seriesIndex.subarray(from, to),
    time: columns.time.subarray(from, to),
    value: columns.value.subarray(from, to),
    received: columns.received.subarray(from, to),
    uplink: columns.uplink.subarray(from, to),
    revision: columns.revision.subarray(from, to),
    marks: columns.marks.subarray(from, to),
    retractions: from === 0 ? columns.retractions : [],
    ticks: from === 0 ? columns.ticks : [],
  };
}
