/** Tektelic Smart Room Sensor: items of channel, type and data (technical reference manual, section "Uplink payload", port 10). */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

interface Item {
  bytes: number;
  read?(frame: FrameBytes, at: number, out: OpenRecord): void;
}

const flag = (key: string): Item => ({ bytes: 1, read: (f, at, out) => out.value(key, f.u8(at) === 0 ? 0 : 1) });

/** By channel and type. Counters of what a flag tells, and what passed a limit set in the device, are passed over. */
const ITEMS: Readonly<Record<number, Item>> = {
  186: { bytes: 2, read: (f, at, out) => out.value('batteryVoltage', f.u16(at) / 1000) },
  255: { bytes: 2, read: (f, at, out) => out.value('batteryVoltage', f.u16(at) / 100) },
  256: flag('contact'),
  512: flag('light'),
  871: { bytes: 2, read: (f, at, out) => out.value('temperature', f.i16(at) / 10) },
  1128: { bytes: 1, read: (f, at, out) => out.value('relativeHumidity', f.u8(at) / 2) },
  1282: { bytes: 2 }, // force of an impact
  1536: { bytes: 1 }, // broken into
  1905: { bytes: 6 }, // acceleration
  2052: { bytes: 2, read: (f, at, out) => out.value('openCount', f.u16(at)) },
  2304: flag('waterLeak'),
  2560: flag('motion'),
  2919: { bytes: 2 }, // temperature of the processor
  3072: { bytes: 1 }, // impact
  3332: { bytes: 2, read: (f, at, out) => out.value('motionCount', f.u16(at)) },
  3584: { bytes: 1, read: (f, at, out) => out.value('input', f.u8(at) === 0 ? 0 : 1) },
  3844: { bytes: 2 }, // changes of the input
  4098: { bytes: 1, read: (f, at, out) => out.value('lightIntensity', f.u8(at)) },
};

const REPORT_PORT = 10;

export const tektelicRoom: FrameCodec = {
  name: 'tektelic-room',
  decode({ bytes, fPort }, sink) {
    // Port 100 answers questions about settings.
    if (fPort !== REPORT_PORT) return;
    const frame = new FrameBytes(bytes);
    const out = new OpenRecord(sink);
    let at = 0;
    while (at < frame.length) {
      const id = frame.u16(at);
      const item = ITEMS[id];
      if (!item) {
        const detail = `channel and type ${id.toString(16).padStart(4, '0')} are not known, nor how long they are`;
        if (at === 0) throw new Rejected('codec-failed', detail);
        out.bad('codec-failed', detail);
        return;
      }
      frame.u8(at + 1 + item.bytes); // all of it is there
      item.read?.(frame, at + 2, out);
      at += 2 + item.bytes;
    }
  },
};
