/**
 * What the log stores: blocks. A block is the records of one group or batch of one stream, in one value on disk, so that
 * a hundred thousand messages a second cost a few hundred writes. Its header lets records evolve:
 *
 *   0  u16 magic 'SV'      8  f64 at      receipt time of the newest record in it, epoch ms: the clock of the stage
 *   2  u8  format         16  f64 first   offset of its first record
 *   3  u8  stream number  24  u32 count   records in it; 0 for a block that only carries time (a tick)
 *   4  u32 CRC32C of all  28  u32 reserved
 *          but itself     32  body, in the stream's own encoding
 *
 * All numbers are little-endian. Readers accept FORMAT and FORMAT-1; golden bytes of every format are cases for ever.
 */
import { crc32c } from '@node-rs/crc32';
import { STREAMS, type Stream } from './streams.ts';

const MAGIC = 0x5653;
export const FORMAT = 1;
export const HEADER_BYTES = 32;

/** A block to be written: the log gives it its offsets. */
export interface NewBlock {
  stream: Stream;
  /** Receipt time of the newest record, epoch ms. Never lower than that of the block before it in its stream. */
  at: number;
  /** Number of records that take an offset. */
  count: number;
  body: Uint8Array;
}

/** A block as read back. Its records have the offsets `first` to `first + count - 1`. */
export interface Block extends NewBlock {
  /** Place of the block in its stream, 1, 2, 3, … */
  seq: number;
  first: number;
}

export class Corrupt extends Error {
  override readonly name = 'Corrupt';
}

const nameOf = new Map<number, Stream>(Object.entries(STREAMS).map(([name, s]) => [s.number, name as Stream]));

export function encodeBlock(block: NewBlock, first: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + block.body.byteLength);
  bytes.writeUInt16LE(MAGIC, 0);
  bytes.writeUInt8(FORMAT, 2);
  bytes.writeUInt8(STREAMS[block.stream].number, 3);
  bytes.writeDoubleLE(block.at, 8);
  bytes.writeDoubleLE(first, 16);
  bytes.writeUInt32LE(block.count, 24);
  bytes.writeUInt32LE(0, 28);
  bytes.set(block.body, HEADER_BYTES);
  bytes.writeUInt32LE(checksum(bytes), 4);
  return bytes;
}

/** @throws Corrupt when the bytes are not a block this version can read, or their checksum does not fit. */
export function decodeBlock(bytes: Buffer, seq: number): Block {
  if (bytes.byteLength < HEADER_BYTES || bytes.readUInt16LE(0) !== MAGIC)
    throw new Corrupt(`block ${seq}: not a block`);
  const format = bytes.readUInt8(2);
  if (format > FORMAT || format < FORMAT - 1)
    throw new Corrupt(`block ${seq}: format ${format}, this version reads ${FORMAT}`);
  if (checksum(bytes) !== bytes.readUInt32LE(4)) throw new Corrupt(`block ${seq}: checksum does not fit`);
  const stream = nameOf.get(bytes.readUInt8(3));
  if (!stream) throw new Corrupt(`block ${seq}: unknown stream ${bytes.readUInt8(3)}`);
  return {
    stream,
    seq,
    at: bytes.readDoubleLE(8),
    first: bytes.readDoubleLE(16),
    count: bytes.readUInt32LE(24),
    body: bytes.subarray(HEADER_BYTES),
  };
}

/** The four bytes before the checksum seed it: a format or a stream that flipped is noticed like any other byte. */
function checksum(bytes: Buffer): number {
  return crc32c(bytes.subarray(8), bytes.readUInt32LE(0));
}
