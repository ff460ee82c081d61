/** The keys of the values in a writer: what a version of a codec gives, to be compared with what another does. */
import type { ReadingWriter, Retraction } from '../../model/readings.ts';

export type ValueKey = Pick<Retraction, 'asset' | 'quantity' | 'owner' | 'time'>;

/** Of the rows from `start` on, by a text that two rows of one key share. */
export function valueKeys(writer: ReadingWriter, start = 0): Map<string, ValueKey> {
  const { count, series, seriesIndex, time } = writer.columns();
  const keys = new Map<string, ValueKey>();
  for (let i = start; i < count; i++) {
    const { asset, quantity, owner } = series[seriesIndex[i]!]!; // rows name series of the writer
    keys.set(`${asset}\t${quantity}\t${time[i]}`, { asset, quantity, owner, time: time[i]! }); // columns of one length
  }
  return keys;
}
