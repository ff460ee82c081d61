/** Netvox R7xx: version, device type, report type, then eight bytes (LoRaWAN application command, "ReportDataCmd"). */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const CONFIGURATION_PORT = 7;
/** Version and date of the software: nothing measured. */
const VERSION_REPORT = 0;
const MEASUREMENT_REPORT = 1;

type Reader = (frame: FrameBytes, out: OpenRecord) => void;

const climate: Reader = (frame, out) => {
  const humidity = frame.u16(6);
  out.value('temperature', frame.i16(4) / 100);
  out.value('relativeHumidity', humidity / 100);
};

/** By device type, for report type 1. */
const READERS: Readonly<Record<number, Reader>> = {
  1: climate, // R711, R712
  11: climate, // R718A
  30: (frame, out) => out.value('illuminance', frame.u32(4)), // R718G
  50: (frame, out) => out.value('waterLeak', frame.u8(4) === 0 ? 0 : 1), // R718WA
  149: (frame, out) => out.value('temperature', frame.i16(4) / 10), // R718B
};

export const netvox: FrameCodec = {
  name: 'netvox',
  decode({ bytes, fPort }, sink) {
    if (fPort === CONFIGURATION_PORT) return;
    const frame = new FrameBytes(bytes);
    const type = frame.u8(1);
    const report = frame.u8(2);
    const read = READERS[type];
    if (!read) throw new Rejected('codec-failed', `device type ${type.toString(16)} is not read`);
    if (report === VERSION_REPORT) return;
    if (report !== MEASUREMENT_REPORT) throw new Rejected('codec-failed', `report type ${report} is not read`);
    const out = new OpenRecord(sink);
    read(frame, out);
    // Tenths of a volt; the highest bit says that they are few.
    out.value('batteryVoltage', (frame.u8(3) & 0x7f) / 10);
  },
};
