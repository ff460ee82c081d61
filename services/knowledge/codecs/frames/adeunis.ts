/**
 * Adeunis, third generation: a code, a status byte, then data (technical reference manuals, section "Uplink frame format").
 * Codes below 0x40 are about the device itself.
 */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const FIRST_DATA_CODE = 0x40;
const LOW_BATTERY = 0x02;
const TWO_SENSORS = 0x10;
/** A probe that is not there or broken. */
const NO_TEMPERATURE = -0x8000;

type Reader = (frame: FrameBytes, out: OpenRecord) => void;

const READERS: Readonly<Record<number, Reader>> = {
  /** Dry Contacts: four counters (since the last frame or since the start, as set), and the states in the last byte. */
  64: (frame, out) => {
    const states = frame.u8(10);
    for (let n = 1; n <= 4; n++) {
      out.value(`contact.${n}`, (states >> (2 * (n - 1))) & 1);
      out.value(`count.${n}`, frame.u16(2 * n));
    }
  },
  /** Pulse, without history: the two indexes. */
  70: (frame, out) => {
    const b = frame.u32(6);
    out.value('pulses.a', frame.u32(2));
    out.value('pulses.b', b);
  },
  /** Comfort: the newest temperature and humidity, then older ones. */
  76: (frame, out) => {
    const humidity = frame.u8(4);
    temperature('temperature', frame.i16(2), out);
    out.value('relativeHumidity', humidity);
    if (frame.length > 5) older(out);
  },
  /** Temp, first generation: two probes, each with a byte about itself. */
  67: (frame, out) => {
    const second = frame.i16(6);
    // Firmware before 1.3.8 cannot switch a probe off, and says so by this number.
    const always = (frame.u8(5) & 0x0f) === 2;
    if (always || frame.u8(2) & 1) temperature('temperature', frame.i16(3), out);
    if (always || frame.u8(5) & 1) temperature('temperature.external', second, out);
  },
  /** Temp: the newest of one sensor or of both, then older ones in the same order. */
  87: (frame, out) => {
    const both = (frame.u8(1) & TWO_SENSORS) !== 0;
    const second = both ? frame.i16(4) : NO_TEMPERATURE;
    temperature('temperature', frame.i16(2), out);
    temperature('temperature.external', second, out);
    if (frame.length > (both ? 6 : 4)) older(out);
  },
};

export const adeunis: FrameCodec = {
  name: 'adeunis',
  decode({ bytes }, sink) {
    const frame = new FrameBytes(bytes);
    const code = frame.u8(0);
    const status = frame.u8(1);
    const out = new OpenRecord(sink);
    if (code >= FIRST_DATA_CODE) {
      const read = READERS[code];
      if (!read) throw new Rejected('codec-failed', `frames with code ${code.toString(16)} are not read`);
      read(frame, out);
    }
    // Only when set: most frames would otherwise carry a key that says nothing.
    if (status & LOW_BATTERY) out.value('lowBattery', 1);
  },
};

function temperature(key: string, tenths: number, out: OpenRecord): void {
  if (tenths !== NO_TEMPERATURE) out.value(key, tenths / 10);
}

/** When they were measured follows from the device's settings, which no frame tells. */
function older(out: OpenRecord): void {
  out.bad('codec-failed', 'the older samples of the frame are left out: it does not say when they were measured');
}
