/** A number in a frame: its bytes, and what one count of it is. The cells of the tables of channels. */
import type { OpenRecord } from './open-record.ts';

const READ = {
  u8: { bytes: 1, get: (v: DataView, at: number) => v.getUint8(at) },
  i8: { bytes: 1, get: (v: DataView, at: number) => v.getInt8(at) },
  u16: { bytes: 2, get: (v: DataView, at: number, little: boolean) => v.getUint16(at, little) },
  i16: { bytes: 2, get: (v: DataView, at: number, little: boolean) => v.getInt16(at, little) },
  i24: { bytes: 3, get: int24 },
  u32: { bytes: 4, get: (v: DataView, at: number, little: boolean) => v.getUint32(at, little) },
  i32: { bytes: 4, get: (v: DataView, at: number, little: boolean) => v.getInt32(at, little) },
  f16: { bytes: 2, get: float16 },
  f32: { bytes: 4, get: (v: DataView, at: number, little: boolean) => v.getFloat32(at, little) },
} as const;

export type FieldType = keyof typeof READ;

export interface Field {
  /** Absent where the bytes carry nothing that was measured: they are passed over. */
  key?: string;
  type: FieldType;
  /** Counts per unit of the key. Divided by, never multiplied: 238 tenths are 23.8 and not 23.800000000000001. */
  per?: number;
  /** Zero is 0, all else is 1. */
  flag?: boolean;
  /** A count that says there is no such sensor: no value, no fault. */
  absent?: number;
  /** Counts that say that the sensor could not measure. */
  failed?: readonly number[];
}

export type ByteOrder = 'little' | 'big';

/** Fields that pass over `bytes` bytes. */
export function skip(bytes: number): Field[] {
  return Array.from({ length: bytes }, () => ({ type: 'u8' }));
}

export function bytesOf(fields: readonly Field[]): number {
  return fields.reduce((sum, f) => sum + READ[f.type].bytes, 0);
}

/** The count itself; the caller has seen to it that its bytes are there. */
export function readCount(view: DataView, at: number, type: FieldType, order: ByteOrder): number {
  return READ[type].get(view, at, order === 'little');
}

/** The value of each field with a key goes to `out`; the caller has seen to it that the bytes are there. */
export function readFields(
  view: DataView,
  start: number,
  fields: readonly Field[],
  order: ByteOrder,
  out: OpenRecord,
): void {
  let at = start;
  for (const { key, type, per, flag, absent, failed } of fields) {
    if (key !== undefined) {
      const count = readCount(view, at, type, order);
      if (failed?.includes(count)) out.bad('invalid-value', `${key}: the device says that it could not measure it`);
      else if (flag) out.value(key, count === 0 ? 0 : 1);
      else if (count !== absent) out.value(key, per === undefined ? count : count / per);
    }
    at += READ[type].bytes;
  }
}

function int24(view: DataView, at: number, little: boolean): number {
  const high = view.getInt8(little ? at + 2 : at);
  const low = view.getUint16(little ? at : at + 1, little);
  return high * 0x1_0000 + low;
}

/** IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction. */
function float16(view: DataView, at: number, little: boolean): number {
  const bits = view.getUint16(at, little);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
