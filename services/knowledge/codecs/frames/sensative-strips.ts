/**
 * Sensative Strips: thin sensors whose reports are a row of items, each a type and its bytes. Source: the vendor's open
 * translator, gitlab.com/sensative/strips-lora-translator-open-source, raw-translate.js.
 */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

interface Item {
  bytes: number;
  /** Absent where it tells nothing that its neighbours do not: averages, and alarms on limits set in the device. */
  read?(frame: FrameBytes, at: number, out: OpenRecord): void;
}

const temperature: Item = { bytes: 2, read: (f, at, out) => out.value('temperature', f.i16(at) / 10) };
const humidity: Item = { bytes: 1, read: (f, at, out) => out.value('relativeHumidity', f.u8(at) / 2) };
/** Not 0 is closed, 0 is open: the vendor corrected its own comments to that (3e187fd, 2021-11-18). */
const contact: Item = { bytes: 1, read: (f, at, out) => out.value('contact', f.u8(at) === 0 ? 1 : 0) };
const flag = (key: string): Item => ({ bytes: 1, read: (f, at, out) => out.value(key, f.u8(at) === 0 ? 0 : 1) });
const number16 = (key: string): Item => ({ bytes: 2, read: (f, at, out) => out.value(key, f.u16(at)) });
const together = (first: Item, second: Item): Item => ({
  bytes: first.bytes + second.bytes,
  read(frame, at, out) {
    first.read?.(frame, at, out);
    second.read?.(frame, at + first.bytes, out);
  },
});

const ITEMS: Readonly<Record<number, Item>> = {
  0: { bytes: 0 }, // nothing
  1: { bytes: 1, read: (f, at, out) => out.value('batteryLevel', f.u8(at)) },
  2: temperature,
  3: { bytes: 1 }, // temperature alarm
  4: { bytes: 2 }, // average temperature
  5: { bytes: 1 }, // alarm on it
  6: humidity,
  7: number16('illuminance'),
  8: number16('illuminance.2'),
  9: contact,
  10: { bytes: 1 }, // door alarm: open for too long
  11: flag('tamper'),
  12: { bytes: 1 }, // tamper alarm
  13: { bytes: 1, read: (f, at, out) => out.value('wetness', f.u8(at)) },
  14: flag('waterLeak'),
  15: { bytes: 1 }, // foil alarm
  16: { bytes: 1 }, // alarm of a switch of the user
  17: number16('openCount'),
  18: flag('presence'),
  19: number16('proximity'),
  20: number16('proximity.close'),
  21: { bytes: 1 }, // proximity alarm
  22: { bytes: 1 }, // disinfection alarm
  80: together(humidity, temperature),
  81: { bytes: 3 }, // averages of both
  82: together(contact, temperature),
  110: { bytes: 8 }, // check-in: build and settings
  112: { bytes: 2 }, // raw capacitances
  113: { bytes: 2 },
  114: { bytes: 2 },
};

const REPORT_PORT = 1;
const HISTORY_PORT = 2;
/** Bit 7 asks for older reports; the rest is the type. */
const TYPE = 0x7f;

export const sensativeStrips: FrameCodec = {
  name: 'sensative-strips',
  decode({ bytes, fPort, recvTime }, sink) {
    // Port 11 answers commands.
    if (fPort !== REPORT_PORT && fPort !== HISTORY_PORT) return;
    const frame = new FrameBytes(bytes);
    const out = new OpenRecord(sink);
    let at = 2; // the number of the oldest report kept
    while (at < frame.length) {
      if (fPort === HISTORY_PORT) {
        // Seconds before it was sent.
        out.at(recvTime - frame.u32(at) * 1000, true);
        at += 4;
      }
      const type = frame.u8(at) & TYPE;
      const item = ITEMS[type];
      if (!item) {
        const detail = `report type ${type} at byte ${at} is not known, nor how long it is`;
        if (at === 2) throw new Rejected('codec-failed', detail);
        // What stands before it is sound: it is kept, and what cannot be read is told.
        out.bad('codec-failed', detail);
        return;
      }
      if (item.bytes > 0) frame.u8(at + item.bytes); // all of it is there
      item.read?.(frame, at + 1, out);
      at += 1 + item.bytes;
    }
  },
};
