/** Records as the messages our own devices would send: batches of one device, each within the limits of one uplink. */
import type { SourceRecord } from './records.ts';

export interface Batch {
  /** As the vendor calls it. */
  device: string;
  records: number;
  /** A JSON array of `{time, …}`. */
  payload: Uint8Array;
}

/** Most values of one uplink, and bytes with room to spare; contract: limits. */
const MOST_VALUES = 1000;
const MOST_BYTES = 48 * 1024;

/** In the order in which devices first occur; records that no uplink can hold are told by their device. */
export function batches(records: readonly SourceRecord[]): { batches: Batch[]; tooLarge: string[] } {
  const made: Batch[] = [];
  const tooLarge: string[] = [];
  for (const [device, own] of Map.groupBy(records, (record) => record.device)) {
    let texts: string[] = [];
    let values = 0;
    let bytes = 2;
    const close = (): void => {
      if (texts.length > 0) made.push({ device, records: texts.length, payload: Buffer.from(`[${texts.join(',')}]`) });
      texts = [];
      values = 0;
      bytes = 2;
    };
    for (const { time, values: given } of own) {
      const text = JSON.stringify({ ...(time !== undefined && { time }), ...given });
      const size = Buffer.byteLength(text) + 1;
      const count = Object.keys(given).length;
      if (count > MOST_VALUES || size > MOST_BYTES) {
        tooLarge.push(device);
        continue;
      }
      if (values + count > MOST_VALUES || bytes + size > MOST_BYTES) close();
      texts.push(text);
      values += count;
      bytes += size;
    }
    close();
  }
  return { batches: made, tooLarge };
}
