/**
 * Milesight: a frame is a row of items, each `channel, type, data`, little-endian, and the length of the data follows from
 * channel and type (user guides of the products, "Payload"). What a pair means differs from product to product, so each
 * product has its own table: milesight-em.ts and its neighbours.
 */
import { Rejected } from '../../../model/errors.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { bytesOf, type Field, readCount, readFields, skip } from './field.ts';
import { OpenRecord } from './open-record.ts';

export interface MilesightChannel {
  /** Channel and type as the vendor's tables have them: 0x0367. */
  id: number;
  fields: readonly Field[];
  /** Its first four bytes, before the fields, say when it was measured: epoch seconds. */
  history?: boolean;
}

/** A channel whose length or keys depend on what is in it. */
export interface MilesightReader {
  id: number;
  /** Gives what is there to `out`. @returns how many bytes it took. @throws Rejected when there are too few. */
  read(view: DataView, at: number, out: OpenRecord): number;
}

/** Of every product. What the device says of itself at start-up measures nothing. */
const COMMON: readonly MilesightChannel[] = [
  { id: 0x0175, fields: [{ key: 'batteryLevel', type: 'u8' }] },
  { id: 0xff01, fields: skip(1) }, // version of the protocol
  { id: 0xff08, fields: skip(6) }, // serial number, older
  { id: 0xff09, fields: skip(2) }, // version of the hardware
  { id: 0xff0a, fields: skip(2) }, // version of the firmware
  { id: 0xff0b, fields: skip(1) }, // switched on
  { id: 0xff0f, fields: skip(1) }, // class A, B or C
  { id: 0xff16, fields: skip(8) }, // serial number
  { id: 0xfffe, fields: skip(1) }, // reset
  { id: 0xffff, fields: skip(2) }, // version of the data model
];

/** Channels of answers to settings, which come in frames of their own and measure nothing. */
const ANSWERS: readonly number[] = [0xf8, 0xf9, 0xfe];

const SECONDS_BYTES = 4;

export function milesight(name: string, channels: readonly (MilesightChannel | MilesightReader)[]): FrameCodec {
  const readers = new Map([...COMMON, ...channels].map((c) => [c.id, 'read' in c ? c : fixed(c)]));
  return {
    name,
    decode({ bytes }, sink) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const out = new OpenRecord(sink);
      let at = 0;
      while (at < view.byteLength) {
        need(view, at, 2, 'channel and type');
        const reader = readers.get(view.getUint16(at));
        if (!reader) {
          if (!ANSWERS.includes(view.getUint8(at))) unknown(bytes, at, out);
          return;
        }
        out.at(undefined);
        at += 2;
        at += reader.read(view, at, out);
      }
    },
  };
}

/** @throws Rejected `codec-failed` unless `bytes` more are there. The radio's checksum held, so it is the model that is wrong. */
export function need(view: DataView, at: number, bytes: number, what: string): void {
  if (at + bytes > view.byteLength)
    throw new Rejected('codec-failed', `the frame ends at byte ${view.byteLength}, within ${what}`);
}

function fixed({ id, fields, history }: MilesightChannel): MilesightReader {
  const before = history ? SECONDS_BYTES : 0;
  const bytes = before + bytesOf(fields);
  return {
    id,
    read(view, at, out) {
      need(view, at, bytes, `channel ${hex(id)}`);
      if (history) out.at(readCount(view, at, 'u32', 'little') * 1000);
      readFields(view, at + before, fields, 'little', out);
      return bytes;
    },
  };
}

/**
 * The length of an unknown item is unknown too, so nothing after it can be read. What was read before is kept: a new firmware
 * that adds a channel at the end must not take the old ones away. The rest is reported with its bytes, and the reject keeps the
 * frame for the day the channel is known. Zeros to the end are padding (the CT101's guide shows some).
 */
function unknown(bytes: Uint8Array, at: number, out: OpenRecord): void {
  if (bytes.subarray(at).every((b) => b === 0)) return;
  const left = bytes.byteLength - at;
  const id = (bytes[at]! << 8) | bytes[at + 1]!; // need() saw both
  out.bad('codec-failed', `channel ${hex(id)} at byte ${at} is unknown; ${left} bytes were not read`);
}

function hex(id: number): string {
  return id.toString(16).padStart(4, '0');
}
