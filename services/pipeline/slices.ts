/** Arithmetic on batches: how many records, how far they reach, how to halve them. */
import type { Position } from '../model/log.ts';
import type { Stream } from '../model/streams.ts';
import type { Slice } from './stage.ts';

export type Batch = readonly Slice[];

/** A tick counts as one: it can be at fault like any record. */
function units(slice: Slice): number {
  return Math.max(1, slice.to - slice.from);
}

export function unitsIn(batch: Batch): number {
  return batch.reduce((sum, slice) => sum + units(slice), 0);
}

export function recordsIn(batch: Batch): number {
  return batch.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The positions after a batch, of the streams that are in it. */
export function positionsAfter(batch: Batch): Partial<Record<Stream, Position>> {
  const positions: Partial<Record<Stream, Position>> = {};
  for (const { block, to } of batch) {
    const offset = block.first + to;
    positions[block.stream] = to < block.count ? { seq: block.seq, offset } : { seq: block.seq + 1, offset };
  }
  return positions;
}

/** A batch of at least two units in two halves, cut inside a block where need be. */
export function halve(batch: Batch): [Slice[], Slice[]] {
  let room = Math.floor(unitsIn(batch) / 2);
  const first: Slice[] = [];
  const second: Slice[] = [];
  for (const slice of batch) {
    const n = units(slice);
    if (n <= room) first.push(slice);
    else if (room <= 0) second.push(slice);
    else {
      first.push({ ...slice, to: slice.from + room });
      second.push({ ...slice, from: slice.from + room });
    }
    room -= n;
  }
  return [first, second];
}

/** What of a batch lies at or after the positions: the rest was handled before a write failed half-way. */
export function remaining(batch: Batch, positions: ReadonlyMap<Stream, Position>): Slice[] {
  return batch.flatMap((slice) => {
    const { block } = slice;
    const position = positions.get(block.stream);
    if (!position || block.seq > position.seq) return [slice];
    if (block.seq < position.seq) return [];
    const from = Math.max(slice.from, position.offset - block.first);
    return from < slice.to || block.count === 0 ? [{ ...slice, from }] : [];
  });
}
