/**
 * Cayenne LPP: a frame is a row of `channel, type, data`, big-endian; the types are IPSO object ids less 3200 ("Cayenne Low
 * Power Payload", myDevices; those above 0x88 and the electrical ones are the extensions that libraries agree on). The
 * channel becomes ours: `temperature.3`.
 */
import { Rejected } from '../../../model/errors.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { bytesOf, type Field, readFields, skip } from './field.ts';
import { OpenRecord } from './open-record.ts';

/** `key` of a field is without its channel. */
export const CAYENNE_TYPES: readonly { type: number; fields: readonly Field[] }[] = [
  { type: 0x00, fields: [{ key: 'digitalInput', type: 'u8' }] },
  { type: 0x01, fields: [{ key: 'digitalOutput', type: 'u8' }] },
  { type: 0x02, fields: [{ key: 'analogInput', type: 'i16', per: 100 }] },
  { type: 0x03, fields: [{ key: 'analogOutput', type: 'i16', per: 100 }] },
  { type: 0x64, fields: [{ key: 'generic', type: 'u32' }] },
  { type: 0x65, fields: [{ key: 'illuminance', type: 'u16' }] },
  { type: 0x66, fields: [{ key: 'presence', type: 'u8' }] },
  { type: 0x67, fields: [{ key: 'temperature', type: 'i16', per: 10 }] },
  { type: 0x68, fields: [{ key: 'relativeHumidity', type: 'u8', per: 2 }] },
  { type: 0x71, fields: ['X', 'Y', 'Z'].map((a): Field => ({ key: `acceleration${a}`, type: 'i16', per: 1000 })) },
  { type: 0x73, fields: [{ key: 'atmosphericPressure', type: 'u16', per: 10 }] },
  { type: 0x74, fields: [{ key: 'voltage', type: 'u16', per: 100 }] },
  { type: 0x75, fields: [{ key: 'current', type: 'u16', per: 1000 }] },
  { type: 0x76, fields: [{ key: 'frequency', type: 'u32' }] },
  { type: 0x78, fields: [{ key: 'percentage', type: 'u8' }] },
  { type: 0x79, fields: [{ key: 'altitude', type: 'i16' }] },
  { type: 0x7d, fields: [{ key: 'concentration', type: 'u16' }] },
  // Watts; ours are kilowatts.
  { type: 0x80, fields: [{ key: 'activePower', type: 'u16', per: 1000 }] },
  // Millimetres are what it counts in, and what we do.
  { type: 0x82, fields: [{ key: 'distance', type: 'u32' }] },
  { type: 0x83, fields: [{ key: 'energy', type: 'u32', per: 1000 }] },
  { type: 0x84, fields: [{ key: 'direction', type: 'u16' }] },
  { type: 0x85, fields: skip(4) }, // its clock
  { type: 0x86, fields: ['X', 'Y', 'Z'].map((a): Field => ({ key: `rotation${a}`, type: 'i16', per: 100 })) },
  { type: 0x87, fields: skip(3) }, // a colour
  {
    type: 0x88,
    fields: [
      { key: 'latitude', type: 'i24', per: 10_000 },
      { key: 'longitude', type: 'i24', per: 10_000 },
      { key: 'altitude', type: 'i24', per: 100 },
    ],
  },
  { type: 0x8e, fields: [{ key: 'switch', type: 'u8' }] },
];

const rows = new Map(CAYENNE_TYPES.map(({ type, fields }) => [type, { fields, bytes: bytesOf(fields) }]));

export const cayenneLpp: FrameCodec = {
  name: 'cayenne-lpp',
  decode({ bytes }, sink) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const out = new OpenRecord(sink);
    let at = 0;
    while (at < view.byteLength) {
      if (at + 2 > view.byteLength)
        throw new Rejected('codec-failed', `the frame ends at byte ${view.byteLength}, within channel and type`);
      const channel = view.getUint8(at);
      const type = view.getUint8(at + 1);
      const row = rows.get(type);
      if (!row) {
        // As for Milesight: what was read is kept, what cannot be read is told.
        const left = view.byteLength - at;
        out.bad('codec-failed', `type ${type.toString(16)} at byte ${at} is unknown; ${left} bytes were not read`);
        return;
      }
      at += 2;
      if (at + row.bytes > view.byteLength)
        throw new Rejected(
          'codec-failed',
          `the frame ends at byte ${view.byteLength}, within type ${type.toString(16)}`,
        );
      readFields(view, at, inChannel(row.fields, channel), 'big', out);
      at += row.bytes;
    }
  },
};

function inChannel(fields: readonly Field[], channel: number): Field[] {
  return fields.map((f) => (f.key === undefined ? f : { ...f, key: `${f.key}.${channel}` }));
}
