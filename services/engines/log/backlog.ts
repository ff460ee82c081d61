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
export function unhandled(generation: Generation, positions: ReadonlyMap<Stream, Position>): number {
  let most = 0;
  for (const [stream, { seq }] of positions) {
    const first = generation.firstSeq(stream);
    const last = generation.lastSeq(stream);
    if (first === undefined || last === undefined || last < seq) continue;
    most = Math.max(most, (last - Math.max(first, seq) + 1) / (last - first + 1));
  }
  return most;
}

export function backlogBytes(generations: readonly Generation[], reader: Reader): number {
  const positions = slowest(reader);
  return generations.reduce((sum, g) => sum + g.bytes * unhandled(g, positions), 0);
}
