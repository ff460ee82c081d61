/** Frames whose values always stand at the same places: a codec is then a table with one row a value. */
import { Rejected } from '../../model/errors.ts';
import { FrameBytes } from './frame-bytes.ts';
import type { FrameCodec } from './frame-codec.ts';

type Read = 'u8' | 'i8' | 'u16' | 'i16' | 'u16Le' | 'u24' | 'u24Le' | 'u32' | 'i32' | 'u32Le';

export interface FixedField {
  /** One of our quantities, in its unit, where there is one. */
  key: string;
  at: number;
  as: Read;
  /** Bits that count; the value is moved down to its lowest one. */
  mask?: number;
  /** The value is this many times smaller than the number: a division, so that 2409 hundredths are 24.09 exactly. */
  per?: number;
  /** Added after the division. */
  plus?: number;
  /** Numbers that mean "no value". */
  absent?: readonly number[];
}

export interface FixedLayout {
  /** Ports it is sent on; any port that no layout before it names, where absent. */
  ports?: readonly number[];
  /** Without any: a message about the device itself, in which nothing is measured. */
  fields: readonly FixedField[];
}

/** @param layouts the first that fits the port counts; a port that none fits is refused. */
export function fixedFrame(name: string, layouts: readonly FixedLayout[]): FrameCodec {
  return {
    name,
    decode({ bytes, fPort }, sink) {
      const layout = layouts.find((l) => l.ports?.includes(fPort) ?? true);
      if (!layout) throw new Rejected('codec-failed', `${name} reads no frames of port ${fPort}`);
      const frame = new FrameBytes(bytes);
      const found = layout.fields.map((field) => ({ field, value: read(frame, field) }));
      if (found.length > 0) sink.record(undefined);
      for (const { field, value } of found) if (value !== undefined) sink.value(field.key, value);
    },
  };
}

function read(frame: FrameBytes, { at, as, mask, per, plus, absent }: FixedField): number | undefined {
  let raw = frame[as](at);
  if (mask !== undefined) raw = (raw & mask) / (mask & -mask);
  if (absent?.includes(raw)) return undefined;
  return (per === undefined ? raw : raw / per) + (plus ?? 0);
}
