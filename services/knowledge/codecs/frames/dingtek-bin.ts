/**
 * Dingtek DF702 and DF703, for containers (LoRaWAN protocol V2.8, and the vendor's own codec in
 * github.com/cndingtek/Chirpstack_codec): level, temperature, tilt and four alarms, with or without a place.
 */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const PORT = 3;
const HEADER = 0x80;
const PARAMETERS = 3;
/** Length of the frame → where the temperature stands: longitude and latitude come before it. */
const TEMPERATURE_AT: Readonly<Record<number, number>> = { 17: 8, 25: 16 };

export const dingtekBin: FrameCodec = {
  name: 'dingtek-bin',
  decode({ bytes, fPort }, sink) {
    if (fPort !== PORT) throw new Rejected('codec-failed', `frames of port ${fPort} are not read`);
    const frame = new FrameBytes(bytes);
    if (frame.u8(0) !== HEADER) throw new Rejected('codec-failed', 'the frame does not begin with 80');
    if (frame.u8(3) === PARAMETERS) return;
    const at = TEMPERATURE_AT[frame.length];
    if (at === undefined) throw new Rejected('codec-failed', `a frame of ${frame.length} bytes is none of 17 or 25`);
    const out = new OpenRecord(sink);
    out.value('distance', frame.u16(5));
    // Below zero as two's complement: no bin is at 128 °C or more.
    out.value('temperature', frame.i8(at));
    // The byte before it is the side it leans to.
    out.value('tiltAngle', frame.u8(at + 2));
    // Half a byte an alarm. "Full" follows from the level; the others are told when they are set.
    const fire = frame.u8(at + 3) & 0x0f;
    const fallen = frame.u8(at + 4) >> 4;
    const lowBattery = frame.u8(at + 4) & 0x0f;
    out.value('tilted', fallen === 0 ? 0 : 1);
    if (fire) out.value('fire', 1);
    if (lowBattery) out.value('lowBattery', 1);
  },
};
