/** A region's history as lines of an import: `{"device": id, "readings": [{"time": …, …}, …]}`. */
import type { Values } from './kind.ts';
import type { StartedDevice } from './region/start-region.ts';

export interface HistoryChunk {
  device: string;
  /** `time` is epoch ms. */
  readings: ({ time: number } & Values)[];
  /** Readings in the platform's sense: one value of one series at one instant. */
  values: number;
}

// contract.md: 1000 readings an uplink.
const MAX_VALUES = 1000;

/** One device after the other, each up to its `importUntil`; reports before `since` are made but left out. */
export async function* historyChunks(
  devices: readonly StartedDevice[],
  { since = Number.NEGATIVE_INFINITY }: { since?: number } = {},
): AsyncGenerator<HistoryChunk> {
  for (const device of devices) yield* deviceHistory(device, since);
}

function* deviceHistory({ id, timeline, importUntil }: StartedDevice, since: number): Generator<HistoryChunk> {
  let chunk: HistoryChunk = { device: id, readings: [], values: 0 };
  while (timeline.next < importUntil) {
    const { time, values } = timeline.take();
    if (time < since) continue;
    const count = Object.keys(values).length;
    if (chunk.values + count > MAX_VALUES) {
      yield chunk;
      chunk = { device: id, readings: [], values: 0 };
    }
    chunk.readings.push({ time, ...values });
    chunk.values += count;
  }
  if (chunk.values > 0) yield chunk;
}

export function importLine({ device, readings }: HistoryChunk): string {
  return `${JSON.stringify({ device, readings })}\n`;
}
