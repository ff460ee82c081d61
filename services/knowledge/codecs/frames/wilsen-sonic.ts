/** Pepperl+Fuchs WILSEN.sonic.level, for containers: items of length, two bytes of type, and data (manual, section "Payload"). */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

type Reader = (frame: FrameBytes, at: number, out: OpenRecord) => void;

/** Types that are not here tell who and where the sensor is, and how often it did what. */
const READERS: Readonly<Record<number, { bytes: number; read: Reader }>> = {
  // Centimetres.
  2817: { bytes: 2, read: (f, at, out) => out.value('distance', f.u16(at) * 10) },
  2822: { bytes: 1, read: (f, at, out) => out.value('fillingLevel', f.u8(at)) },
  513: { bytes: 4, read: (f, at, out) => float('temperature', f.f32(at), out) },
  // Tenths of a volt.
  20737: { bytes: 1, read: (f, at, out) => out.value('batteryVoltage', f.u8(at) / 10) },
};

export const wilsenSonic: FrameCodec = {
  name: 'wilsen-sonic',
  decode({ bytes }, sink) {
    const frame = new FrameBytes(bytes);
    const out = new OpenRecord(sink);
    let at = 0;
    while (at < frame.length) {
      // The length counts the type and the data, not itself.
      const length = frame.u8(at);
      if (length < 2) throw new Rejected('codec-failed', `an item of ${length} bytes at byte ${at}: two are its type`);
      const type = frame.u16(at + 1);
      frame.u8(at + length); // all of it is there
      const known = READERS[type];
      if (known) {
        if (length !== 2 + known.bytes)
          throw new Rejected('codec-failed', `type ${type.toString(16)} in ${length} bytes`);
        known.read(frame, at + 3, out);
      }
      at += 1 + length;
    }
  },
};

function float(key: string, value: number, out: OpenRecord): void {
  // A float of 32 bits carries seven digits: 8.1 is 8.100000381.
  if (Number.isFinite(value)) out.value(key, Number(value.toPrecision(7)));
  else out.bad('invalid-value', `${key}: the device says that it could not measure it`);
}
