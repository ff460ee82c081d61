/** Talkpool OY1110: temperature and humidity of twelve bits each, their high bytes first ("OY1110 payload format", port 2). */
import { Rejected } from '../../../model/errors.ts';
import type { FrameCodec } from '../frame-codec.ts';

const MEASUREMENTS_PORT = 2;
const BYTES = 3;

export const talkpoolOy1110: FrameCodec = {
  name: 'talkpool-oy1110',
  decode({ bytes, fPort }, sink) {
    // Answers to settings come on other ports.
    if (fPort !== MEASUREMENTS_PORT) return;
    if (bytes.byteLength !== BYTES)
      throw new Rejected('codec-failed', `${bytes.byteLength} bytes, but a measurement has ${BYTES}`);
    const [t = 0, h = 0, low = 0] = bytes; // there are three
    sink.record(undefined);
    // Tenths above −80 °C and above −25 %.
    sink.value('temperature', (((t << 4) | (low >> 4)) - 800) / 10);
    sink.value('relativeHumidity', (((h << 4) | (low & 0x0f)) - 250) / 10);
  },
};
