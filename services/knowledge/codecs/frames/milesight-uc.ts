/** Tables of Milesight's CT series (current of a phase) and UC300 (inputs, counters, Modbus) (user guides, "Payload"). */
import type { FrameCodec } from '../frame-codec.ts';
import { type Field, type FieldType, readCount, skip } from './field.ts';
import { type MilesightChannel, type MilesightReader, milesight, need } from './milesight.ts';

const current: Field = { key: 'current', type: 'u16', per: 100, failed: [0xffff] };
const temperature: Field = { key: 'temperature', type: 'i16', per: 10 };

/** The value, and its largest, smallest and mean since the last message: those are for us to work out. */
const withExtremes = (field: Field): Field[] => [field, ...skip(6)];

/** How a Modbus value is written, by the low seven bits of its type; the eighth says signed. */
const MODBUS_TYPES: readonly { plain: FieldType; signed: FieldType }[] = [
  { plain: 'u8', signed: 'u8' }, // a coil
  { plain: 'u8', signed: 'u8' }, // a discrete input
  { plain: 'u16', signed: 'i16' },
  { plain: 'u16', signed: 'i16' },
  { plain: 'u32', signed: 'i32' },
  { plain: 'f32', signed: 'f32' },
  { plain: 'u32', signed: 'i32' },
  { plain: 'f32', signed: 'f32' },
  // Half of a 32-bit register pair, in four bytes.
  { plain: 'u32', signed: 'i32' },
  { plain: 'u32', signed: 'i32' },
  { plain: 'u32', signed: 'i32' },
  { plain: 'u32', signed: 'i32' },
];

/** Number of the Modbus channel, bytes of the value, its type, the value. */
const MODBUS: MilesightReader = {
  id: 0xff19,
  read(view, at, out) {
    need(view, at, 3, 'channel ff19');
    const number = view.getUint8(at);
    const size = view.getUint8(at + 1);
    const type = view.getUint8(at + 2);
    need(view, at + 3, size, 'channel ff19');
    const known = MODBUS_TYPES[type & 0x7f];
    const written = known && (type & 0x80 ? known.signed : known.plain);
    const fits = { u8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4 } as Partial<Record<FieldType, number>>;
    if (!written || fits[written] !== size)
      out.bad('codec-failed', `Modbus channel ${number}: type ${type} in ${size} bytes is unknown`);
    else out.value(`modbus${number}`, readCount(view, at + 3, written, 'little'));
    return 3 + size;
  },
};

const MODBUS_FAILED: MilesightReader = {
  id: 0xff15,
  read(view, at, out) {
    need(view, at, 1, 'channel ff15');
    out.bad('invalid-value', `modbus${view.getUint8(at)}: the device says that it could not read it`);
    return 1;
  },
};

/** Digital inputs 1 to 4 are states or counters as set in the device; 0 open, 1 closed. */
const INPUTS: readonly MilesightChannel[] = [1, 2, 3, 4].flatMap((n) => [
  { id: ((0x02 + n) << 8) | 0x00, fields: [{ key: `input${n}`, type: 'u8' }] },
  { id: ((0x02 + n) << 8) | 0xc8, fields: [{ key: `counter${n}`, type: 'u32' }] },
]);

/** Pt100 in degrees; analog inputs in mA (`analogCurrent`) and V (`analogVoltage`), hundredths or half-precision floats. */
const ANALOG: readonly MilesightChannel[] = [1, 2].flatMap((n): MilesightChannel[] => [
  { id: ((0x06 + n) << 8) | 0x01, fields: [{ key: `output${n}`, type: 'u8' }] },
  { id: ((0x08 + n) << 8) | 0x67, fields: [{ ...temperature, key: `temperature.${n}` }] },
  { id: ((0x08 + n) << 8) | 0xe2, fields: withExtremes({ key: `temperature.${n}`, type: 'f16' }) },
  { id: ((0x0a + n) << 8) | 0x02, fields: [{ key: `analogCurrent${n}`, type: 'u32', per: 100 }] },
  { id: ((0x0a + n) << 8) | 0xe2, fields: withExtremes({ key: `analogCurrent${n}`, type: 'f16' }) },
  { id: ((0x0c + n) << 8) | 0x02, fields: [{ key: `analogVoltage${n}`, type: 'u32', per: 100 }] },
  { id: ((0x0c + n) << 8) | 0xe2, fields: withExtremes({ key: `analogVoltage${n}`, type: 'f16' }) },
]);

export const milesightUc: readonly FrameCodec[] = [
  // CT101, CT103 and CT105 differ in what fits through their clamps.
  milesight('milesight-ct101', [
    { id: 0x0397, fields: [{ key: 'ampereHours', type: 'u32', per: 100 }] },
    { id: 0x0498, fields: [current] },
    { id: 0x0967, fields: [temperature] },
    // Largest and smallest of the period, the value itself, and why it is told.
    { id: 0x8498, fields: [...skip(4), current, ...skip(1)] },
    { id: 0x8967, fields: [temperature, ...skip(1)] },
  ]),
  milesight('milesight-uc300', [...INPUTS, ...ANALOG, MODBUS, MODBUS_FAILED]),
];
