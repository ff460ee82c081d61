/** VEGAPULS Air 41 and 42, radar levels: packet 8 of the operating instructions' "LoRaWAN data transmission". */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const MEASURED = 8;
/** Millimetres in a unit, by its HART code (HCF_SPEC-183, table 2). */
const MILLIMETRES: Readonly<Record<number, number>> = { 44: 304.8, 45: 1000, 47: 25.4, 48: 10, 49: 1 };

export const vegaAir: FrameCodec = {
  name: 'vega-air',
  decode({ bytes }, sink) {
    const frame = new FrameBytes(bytes);
    const packet = frame.u8(0);
    if (packet !== MEASURED) throw new Rejected('codec-failed', `packets of kind ${packet} are not read`);
    const unit = frame.u8(5);
    const factor = MILLIMETRES[unit];
    if (factor === undefined) throw new Rejected('codec-failed', `unit ${unit} is no length`);
    const tilt = frame.u8(10);
    const out = new OpenRecord(sink);
    const distance = frame.f32(1) * factor;
    if (Number.isFinite(distance)) out.value('distance', distance);
    else out.bad('invalid-value', 'distance: the device says that it could not measure it');
    out.value('batteryLevel', frame.u8(6));
    out.value('temperature', frame.i16(7) / 10);
    out.value('tiltAngle', tilt);
  },
};
