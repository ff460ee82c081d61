/** Axioma Qalcosonic W1, ultrasonic water meter (LoRa payload "Extended", V01.8): its clock, status and index come first. */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const REPORT_PORT = 100;
/** High half of the status: leak, burst. The low half is about battery and errors of the meter. */
const LEAKS = [0x30, 0xb0];

export const axiomaW1: FrameCodec = {
  name: 'axioma-w1',
  decode({ bytes, fPort }, sink) {
    if (fPort !== REPORT_PORT) throw new Rejected('codec-failed', `frames of port ${fPort} are not read`);
    const frame = new FrameBytes(bytes);
    const litres = frame.u32Le(5);
    const out = new OpenRecord(sink);
    // What follows repeats former indexes, hour by hour, which former frames brought.
    out.value('waterVolume', litres / 1000);
    out.value('waterLeak', LEAKS.includes(frame.u8(4) & 0xf0) ? 1 : 0);
  },
};
