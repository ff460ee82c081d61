/** Parametric (PMX) TCR, radar for traffic: counts and mean speeds by direction and class (payload descriptions V1.3 and V2). */
import { Rejected } from '../../../model/errors.ts';
import type { RecordSink } from '../format.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';

const COUNTERS = 0xa2;
const TOTALS_PORT = 13;
/** Ports of the classes, in order. */
const FIRST_CLASS_PORT = 14;
const LAST_CLASS_PORT = 17;
const VERSION_1_3 = 0xbe0202;
const CLASSES = 4;

export const parametricTcr: FrameCodec = {
  name: 'parametric-tcr',
  decode({ bytes, fPort }, sink) {
    // Ports 1 and 190: settings, and who the device is.
    if (fPort < TOTALS_PORT || fPort > LAST_CLASS_PORT) return;
    const frame = new FrameBytes(bytes);
    if (frame.u8(0) === COUNTERS) counters(frame, fPort, sink);
    else if (frame.u24(0) === VERSION_1_3) allClasses(frame, sink);
    else throw new Rejected('codec-failed', `payloads that begin with ${frame.u8(0).toString(16)} are not read`);
  },
};

/** One class, both ways. The totals have directions as channels, the classes a number after them: never both in one sum. */
function counters(frame: FrameBytes, fPort: number, sink: RecordSink): void {
  const tenths = frame.u8(9);
  const suffix = fPort === TOTALS_PORT ? '' : `-${fPort - FIRST_CLASS_PORT}`;
  sink.record(undefined);
  direction(frame, 3, `ltr${suffix}`, sink);
  direction(frame, 6, `rtl${suffix}`, sink);
  if (tenths > 0) sink.value('batteryVoltage', tenths / 10);
}

function allClasses(frame: FrameBytes, sink: RecordSink): void {
  frame.u8(32); // the last byte of the last class
  const millivolts = frame.u16(3);
  sink.record(undefined);
  for (let n = 0; n < CLASSES; n++) {
    direction(frame, 9 + 6 * n, `ltr-${n}`, sink);
    direction(frame, 12 + 6 * n, `rtl-${n}`, sink);
  }
  // 0: on mains.
  if (millivolts > 0) sink.value('batteryVoltage', millivolts / 1000);
}

function direction(frame: FrameBytes, at: number, name: string, sink: RecordSink): void {
  const count = frame.u16(at);
  sink.value(`vehicleCount.${name}`, count);
  // Nobody passed: there is no mean.
  if (count > 0) sink.value(`averageVehicleSpeed.${name}`, frame.u8(at + 2));
}
