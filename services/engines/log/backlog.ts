/** How much of a generation its readers have still to handle: what back-pressure measures and retention asks. */
import type { Position } from '../../model/log.ts';
import { STREAM_NAMES, STREAMS, type Stream } from '../../model/streams.ts';
import type { Generation } from './generation.ts';
import type { Reader } from './reader.ts';

/** Of each stream, the position of the reader that is furthest behind. */
export function slowest(reader: Reader): Map<Stream, Position> {
  return new Map(
    STREAM_NAMES.map((stream) => {
      const positions = STREAMS[stream].readers.map((stage) => reader.position(stage, 0, stream));
      return [stream, positions.reduce((a, b) => (b.seq < a.seq ? b : a))];
    }),
  );
}

/** 0 when everything in the generation is handled, 1 when there is a stream of which nothing is. */
function unhandled(generation: Generation, positions: ReadonlyMap<Stream, Position>): number {
  let most = 0;
  for (const [stream, { seq }] of positions) {
    const first = generation.firstSeq(stream);
    const last = generation.lastSeq(stream);
    if (first === undefined || last === undefined || last < seq) continue;
    most = Math.max(most, (last - Math.max(first, seq) + 1) / (last - first + 1));
  }
  return most;
}

/**
 * Index of the oldest generation that may hold something unhandled: going back from the newest, the first by which every
 * stream has begun before its readers' positions. Not `certain` when it stopped at one that has not been examined yet.
 */
export function oldestNeeded(
  generations: readonly Generation[],
  positions: ReadonlyMap<Stream, Position>,
): { index: number; certain: boolean } {
  const open = new Map(positions);
  for (let index = generations.length - 1; index >= 0; index--) {
    const g = generations[index]!; // an index within the list
    if (!g.trusted) return { index, certain: false };
    for (const [stream, { seq }] of open) {
      const start = g.startSeq(stream);
      if (start !== undefined && start <= seq) open.delete(stream);
    }
    if (open.size === 0) return { index, certain: true };
  }
  return { index: 0, certain: true };
}

export function backlogBytes(generations: readonly Generation[], reader: Reader): number {
  const positions = slowest(reader);
  const { index } = oldestNeeded(generations, positions);
  return generations.slice(index).reduce((sum, g) => sum + g.bytes * (g.trusted ? unhandled(g, positions) : 1), 0);
}
