/**
 * Keys of a generation: binary and big-endian, so that LMDB's byte order is the order we read in.
 *
 *   1 · stream u8 · seq u48                             a block
 *   2 · stage · 0 · partition u16 · stream u8           a position
 *   3 · stage · 0 · partition u16 · key                 a state entry
 *   4 · name                                            what the generation says of itself
 *   5 · stream u8                                       where a stream stood when its last block was deleted
 */
import { Buffer } from 'node:buffer';
import { STREAMS, type Stream } from '../../model/streams.ts';

const BLOCK = 1;
const POSITION = 2;
const STATE = 3;
const META = 4;
const BASE = 5;

/** LMDB's limit with 4 KiB pages, as lmdb-js sets it. */
const MAX_KEY_BYTES = 1978;

export function blockKey(stream: Stream, seq: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key[0] = BLOCK;
  key[1] = STREAMS[stream].number;
  key.writeUIntBE(seq, 2, 6);
  return key;
}

/** Sorts after every block of the stream and before the first of the next. */
export function blocksEnd(stream: Stream): Buffer {
  return Buffer.from([BLOCK, STREAMS[stream].number, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
}

export function isBlockKey(key: Buffer): boolean {
  return key[0] === BLOCK;
}

export function isBlockOf(stream: Stream, key: Buffer): boolean {
  return isBlockKey(key) && key[1] === STREAMS[stream].number;
}

export function seqOf(key: Buffer): number {
  return key.readUIntBE(2, 6);
}

export function positionKey(stage: string, partition: number, stream: Stream): Buffer {
  return Buffer.concat([owner(POSITION, stage, partition), Buffer.from([STREAMS[stream].number])]);
}

/** @throws RangeError when the key does not fit LMDB. */
export function stateKey(stage: string, partition: number, key: string): Buffer {
  const bytes = Buffer.concat([owner(STATE, stage, partition), Buffer.from(key)]);
  if (bytes.byteLength > MAX_KEY_BYTES)
    throw new RangeError(`log: state key of ${bytes.byteLength} bytes, at most ${MAX_KEY_BYTES}: ${key.slice(0, 60)}…`);
  return bytes;
}

export function stateKeyName(key: Buffer, stage: string): string {
  return key.toString('utf8', 1 + Buffer.byteLength(stage) + 3);
}

export function metaKey(name: string): Buffer {
  return Buffer.from(`\u0004${name}`);
}

export function baseKey(stream: Stream): Buffer {
  return Buffer.from([BASE, STREAMS[stream].number]);
}

/** Positions and state lie side by side: everything a stage must find again when a generation goes. */
export const CARRIED = { start: Buffer.from([POSITION]), end: Buffer.from([META]) };

/** The end of the range of all keys that begin with `prefix`, which ends in text. */
export function after(prefix: Buffer): Buffer {
  // No name holds this byte: UTF-8 never does, and numbers come before it.
  return Buffer.concat([prefix, Buffer.from([0xff])]);
}

function owner(kind: number, stage: string, partition: number): Buffer {
  const head = Buffer.from(`${String.fromCharCode(kind)}${stage}\0\0\0`);
  head.writeUInt16BE(partition, head.byteLength - 2);
  return head;
}
