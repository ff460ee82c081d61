/** Dragino S31-LB and S31B-LB: temperature and humidity, with the time they were measured (user manual, section 2.3). */
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const STATUS_PORT = 5;
/** No sensor at the cable. */
const NO_SENSOR = 0x7fff;

export const draginoS31: FrameCodec = {
  name: 'dragino-s31',
  decode({ bytes, fPort }, sink) {
    const frame = new FrameBytes(bytes);
    const out = new OpenRecord(sink);
    if (fPort === STATUS_PORT) {
      out.value('batteryVoltage', frame.u16(5) / 1000);
      return;
    }
    const humidity = frame.u16(9) / 10;
    const tenths = frame.i16(7);
    const seconds = frame.u32(2);
    out.value('batteryVoltage', frame.u16(0) / 1000);
    if (tenths === NO_SENSOR) return;
    // 0: it has not been told the time yet.
    out.at(seconds === 0 ? undefined : seconds * 1000);
    out.value('temperature', tenths / 10);
    out.value('relativeHumidity', humidity);
  },
};
