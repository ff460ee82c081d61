/** One block of readings to those who want something of it. */
import type { Block } from '../../model/block.ts';
import type { Listener, LiveReading } from '../../model/live.ts';
import { decodeReadings, MARK } from '../../model/readings.ts';
import type { WhoWants } from './who-wants.ts';

/**
 * Whether a body may hold one of `assets` (all may when undefined). Its head has one series a line, the asset first
 * (model/readings.ts): looking for the bytes is many times cheaper than taking the head apart.
 */
export function mayConcern(body: Uint8Array, assets: readonly string[] | undefined): boolean {
  if (!assets) return true;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes.byteLength < 8) return false; // a block without a body carries time only
  const head = bytes.subarray(8, 8 + bytes.readUInt32LE(4));
  return assets.some((asset) => head.includes(`\n${asset}\t`));
}

/** Rows with an offset of at least `from`. What was entered or derived from history is no news. */
export function handOverReadings(block: Block, from: number, who: WhoWants): void {
  if (block.count === 0) return;
  const { count, series, seriesIndex, time, value, received, marks } = decodeReadings(block.body);
  let anybody = false;
  const wanted: (readonly Listener[] | undefined)[] = series.map((s) => {
    const listeners = who.of(s);
    if (listeners.length === 0) return undefined;
    anybody = true;
    return listeners;
  });
  if (!anybody) return;
  for (let i = Math.max(0, from - block.first); i < count; i++) {
    const index = seriesIndex[i]!; // i is within the rows
    const listeners = wanted[index];
    if (!listeners || (marks[i]! & MARK.history) !== 0) continue;
    const reading: LiveReading = {
      series: series[index]!, // written from the same list
      time: time[i]!,
      value: value[i]!,
      received: received[i]!,
      marks: marks[i]!,
      offset: block.first + i,
    };
    for (const listener of listeners) listener.reading(reading);
  }
}
