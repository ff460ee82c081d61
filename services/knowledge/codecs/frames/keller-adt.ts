/**
 * Keller ADT1 and ARC1: level and pressure over LoRaWAN (LoRa data communication protocol, section 3.1): a bit mask of channels,
 * then one float for each bit set. Pressures in bar, temperatures in °C.
 */
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const MEASURED = 1;

/** By bit. `pd` is what the water weighs: the pressure in it less that of the air. */
const CHANNELS = ['pd', 'p1', 'p2', 't', 'tob1', 'tob2', 'pBaro', 'tBaro'];

export const kellerAdt: FrameCodec = {
  name: 'keller-adt',
  decode({ bytes }, sink) {
    const frame = new FrameBytes(bytes);
    // Other functions answer questions about settings and tell of the device itself.
    if (frame.u8(0) !== MEASURED) return;
    const out = new OpenRecord(sink);
    const mask = frame.u16(2);
    let at = 4;
    for (let bit = 0; bit < 16; bit++) {
      if ((mask & (1 << bit)) === 0) continue;
      const value = frame.f32(at);
      at += 4;
      const key = CHANNELS[bit] ?? `channel${bit + 1}`;
      // Infinite: out of range. Not a number: the sensor does not answer.
      if (Number.isFinite(value)) out.value(key, value);
      else out.bad('invalid-value', `${key}: the device says that it could not measure it`);
    }
  },
};
