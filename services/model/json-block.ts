/** The encoding of the streams that carry few records a second: a JSON array, one element a record. */
import type { Block, NewBlock } from './block.ts';
import type { Stream } from './streams.ts';

export function jsonBlock(stream: Stream, at: number, records: readonly unknown[]): NewBlock {
  return { stream, at, count: records.length, body: Buffer.from(JSON.stringify(records)) };
}

export function readJsonBlock<T>(block: Block): T[] {
  // Written by jsonBlock of this stream, and its checksum was right: the shape is ours.
  return block.count === 0
    ? []
    : (JSON.parse(Buffer.from(block.body.buffer, block.body.byteOffset, block.body.byteLength).toString()) as T[]);
}
