/**
 * The small records beside the blocks: positions, state entries, marks. Each carries what a block carries, so that a bit
 * that flips on disk is noticed and a later version knows what it reads:
 *
 *   0  u16 magic 'Sv'    2  u8 format    3  u8 type    4  u32 CRC32C of all but itself    8  value
 */
import { Buffer } from 'node:buffer';
import { crc32c } from '@node-rs/crc32';
import { Corrupt } from '../../model/block.ts';

const MAGIC = 0x7653;
const FORMAT = 1;
const HEADER_BYTES = 8;

export const TYPE = { value: 1, tombstone: 2, numbers: 3 } as const;
type Type = (typeof TYPE)[keyof typeof TYPE];

export function seal(type: Type, value: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + value.byteLength);
  bytes.writeUInt16LE(MAGIC, 0);
  bytes[2] = FORMAT;
  bytes[3] = type;
  bytes.set(value, HEADER_BYTES);
  bytes.writeUInt32LE(checksum(bytes), 4);
  return bytes;
}

/** @throws Corrupt when the bytes are not such a record, or their checksum does not fit. */
export function unseal(bytes: Buffer): { type: number; value: Buffer } {
  if (bytes.byteLength < HEADER_BYTES || bytes.readUInt16LE(0) !== MAGIC) throw new Corrupt('log: not a record');
  const format = bytes.readUInt8(2);
  if (format > FORMAT || format < FORMAT - 1)
    throw new Corrupt(`log: record of format ${format}, this version reads ${FORMAT}`);
  const type = bytes.readUInt8(3);
  const value = bytes.subarray(HEADER_BYTES);
  if (checksum(bytes) !== bytes.readUInt32LE(4)) throw new Corrupt('log: checksum of a record does not fit');
  return { type, value };
}

function checksum(bytes: Buffer): number {
  return crc32c(bytes.subarray(HEADER_BYTES), bytes.readUInt32LE(0));
}

export const TOMBSTONE = seal(TYPE.tombstone, new Uint8Array(0));

/** A position (seq, offset), a time, where a stream stands: a few 64-bit numbers. */
export function sealNumbers(...numbers: number[]): Buffer {
  const value = Buffer.allocUnsafe(8 * numbers.length);
  numbers.forEach((n, i) => {
    value.writeDoubleLE(n, 8 * i);
  });
  return seal(TYPE.numbers, value);
}

export function unsealNumbers(bytes: Buffer): number[] {
  return numbersIn(unseal(bytes).value);
}

export function numbersIn(value: Buffer): number[] {
  return Array.from({ length: value.byteLength / 8 }, (_, i) => value.readDoubleLE(8 * i));
}
