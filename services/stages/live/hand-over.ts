/** One block of readings to those who want something of it. */
import type { Block } from '../../model/block.ts';
import type { Listener, LiveReading } from '../../model/live.ts';
import { decodeReadings, decodeReadingsOf, MARK, type SeriesRef } from '../../model/readings.ts';
import type { WhoWants } from './who-wants.ts';

/** Rows with an offset of at least `from`. What was entered or derived from history is no news. */
export function handOverReadings(block: Block, from: number, who: WhoWants): void {
  if (block.count === 0) return;
  const columns = who.assets ? decodeReadingsOf(block.body, who.assets) : decodeReadings(block.body);
  if (!columns) return;
  let anybody = false;
  const wanted: ({ series: SeriesRef; listeners: readonly Listener[] } | undefined)[] = [];
  columns.series.forEach((series: SeriesRef, index: number) => {
    const listeners = who.of(series);
    if (listeners.length === 0) return;
    wanted[index] = { series, listeners };
    anybody = true;
  });
  if (!anybody) return;
  const { count, seriesIndex, time, value, received, marks } = columns;
  for (let i = Math.max(0, from - block.first); i < count; i++) {
    const found = wanted[seriesIndex[i]!]; // i is within the rows, as below
    if (!found || (marks[i]! & MARK.history) !== 0) continue;
    const { series, listeners } = found;
    const reading: LiveReading = {
      series,
      time: time[i]!,
      value: value[i]!,
      received: received[i]!,
      marks: marks[i]!,
      offset: block.first + i,
    };
    for (const listener of listeners) listener.reading(reading);
  }
}
