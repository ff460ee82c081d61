/**
 * Elsys: a frame is a row of `type, data`, big-endian ("Sensor payload", elsys.se). All their devices speak it, so one table
 * serves all. The two highest bits of a type say how many bytes before the data tell its age in seconds.
 */
import { Rejected } from '../../../model/errors.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { bytesOf, type Field, readFields, skip } from './field.ts';
import { OpenRecord } from './open-record.ts';

const millivolts = (key: string): Field => ({ key, type: 'u16', per: 1000 });
const temperature = (key: string): Field => ({ key, type: 'i16', per: 10 });

/** By type; the place in the list counts for nothing. */
export const ELSYS_TYPES: readonly { type: number; fields: readonly Field[] }[] = [
  { type: 0x01, fields: [temperature('temperature')] },
  { type: 0x02, fields: [{ key: 'relativeHumidity', type: 'u8' }] },
  // 63 counts are the gravity of the earth.
  { type: 0x03, fields: ['X', 'Y', 'Z'].map((axis): Field => ({ key: `acceleration${axis}`, type: 'i8', per: 63 })) },
  { type: 0x04, fields: [{ key: 'illuminance', type: 'u16' }] },
  { type: 0x05, fields: [{ key: 'motion', type: 'u8' }] },
  { type: 0x06, fields: [{ key: 'co2', type: 'u16' }] },
  { type: 0x07, fields: [millivolts('batteryVoltage')] },
  { type: 0x08, fields: [millivolts('analog1')] },
  { type: 0x09, fields: skip(6) }, // where it is
  { type: 0x0a, fields: [{ key: 'pulses1', type: 'u16' }] },
  { type: 0x0b, fields: [{ key: 'pulseTotal1', type: 'u32' }] },
  { type: 0x0c, fields: [temperature('temperature.external')] },
  { type: 0x0d, fields: [{ key: 'digital1', type: 'u8' }] },
  { type: 0x0e, fields: [{ key: 'distance', type: 'u16' }] },
  { type: 0x0f, fields: [{ key: 'vibrations', type: 'u8' }] },
  { type: 0x10, fields: [temperature('temperature.infraredInside'), temperature('temperature.infrared')] },
  // 0 nobody, 1 perhaps, 2 somebody.
  { type: 0x11, fields: [{ key: 'occupied', type: 'u8' }] },
  { type: 0x12, fields: [{ key: 'waterLeak', type: 'u8', flag: true }] },
  { type: 0x13, fields: skip(65) }, // heat picture, 8 by 8
  { type: 0x14, fields: [{ key: 'atmosphericPressure', type: 'u32', per: 1000 }] },
  {
    type: 0x15,
    fields: [
      { key: 'soundPeak', type: 'u8' },
      { key: 'soundAverage', type: 'u8' },
    ],
  },
  { type: 0x16, fields: [{ key: 'pulses2', type: 'u16' }] },
  { type: 0x17, fields: [{ key: 'pulseTotal2', type: 'u32' }] },
  { type: 0x18, fields: [millivolts('analog2')] },
  { type: 0x19, fields: [temperature('temperature.external2')] },
  { type: 0x1a, fields: [{ key: 'digital2', type: 'u8' }] },
  { type: 0x1b, fields: [{ key: 'analogMicrovolts', type: 'i32' }] },
  { type: 0x1c, fields: [{ key: 'tvoc', type: 'u16' }] },
  { type: 0x3d, fields: skip(4) }, // for the vendor
];

/** What follows to the end of the frame is how the device is set. */
const SETTINGS = 0x3e;

const AGE_BYTES = [0, 1, 2, 4] as const;

const rows = new Map(ELSYS_TYPES.map(({ type, fields }) => [type, { fields, bytes: bytesOf(fields) }]));

export const elsys: FrameCodec = {
  name: 'elsys',
  decode({ bytes, recvTime }, sink) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const out = new OpenRecord(sink);
    const need = (at: number, count: number, type: number): void => {
      if (at + count > view.byteLength)
        throw new Rejected('codec-failed', `the frame ends at byte ${view.byteLength}, within type ${hex(type)}`);
    };
    let at = 0;
    while (at < view.byteLength) {
      const type = view.getUint8(at) & 0x3f;
      const ageBytes = AGE_BYTES[(view.getUint8(at) >> 6) as 0 | 1 | 2 | 3]; // two bits
      if (type === SETTINGS) return;
      const row = rows.get(type);
      if (!row) {
        // As for Milesight: what was read is kept, what cannot be read is told.
        const left = view.byteLength - at;
        out.bad('codec-failed', `type ${hex(type)} at byte ${at} is unknown; ${left} bytes were not read`);
        return;
      }
      at += 1;
      need(at, ageBytes + row.bytes, type);
      const age = readAge(view, at, ageBytes);
      if (age === undefined) out.at(undefined);
      else out.at(recvTime - age * 1000, true);
      at += ageBytes;
      readFields(view, at, row.fields, 'big', out);
      at += row.bytes;
    }
  },
};

/** Seconds; `undefined` for what was measured now. */
function readAge(view: DataView, at: number, bytes: number): number | undefined {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at);
  if (bytes === 4) return view.getUint32(at);
  return undefined;
}

function hex(type: number): string {
  return type.toString(16).padStart(2, '0');
}
