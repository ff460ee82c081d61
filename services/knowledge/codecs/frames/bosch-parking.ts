/** Bosch TPS110 and TPL110, parking sensors (communication interface, section "Uplink messages"). */
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const CHANGE = 1;
const HEARTBEAT = 2;
const START = 3;
const OCCUPIED = 0x01;

export const boschParking: FrameCodec = {
  name: 'bosch-parking',
  decode({ bytes, fPort }, sink) {
    const frame = new FrameBytes(bytes);
    const out = new OpenRecord(sink);
    if (fPort === CHANGE || fPort === HEARTBEAT) {
      out.value('spotState', frame.u8(0) & OCCUPIED);
      if (fPort === HEARTBEAT && frame.length > 1) out.value('temperature', frame.i8(1));
    } else if (fPort === START && frame.length > 16) {
      // Twelve bytes for the vendor, three of firmware, why it started; older firmware ends there.
      out.value('spotState', frame.u8(16) & OCCUPIED);
    }
    // Ports above 3: device information and usage, nothing measured.
  },
};
