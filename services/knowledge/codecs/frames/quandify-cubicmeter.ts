/** Quandify CubicMeter 1.1, clamp-on water meter: a status report, by itself on port 1 or as an answer on port 6 (API documentation). */
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

const STATUS_PORT = 1;
const ANSWER_PORT = 6;
/** An answer begins with the port of the question, how it went, and what kind of report follows. */
const ANSWER_HEADER = 3;
const STATUS_REPORT = 1;
/** States from here on are leaks going on; below, none, or one that ended. */
const FIRST_LEAK = 3;
const NOT_SENSING = 0x8000;

export const quandifyCubicmeter: FrameCodec = {
  name: 'quandify-cubicmeter',
  decode({ bytes, fPort }, sink) {
    const frame = new FrameBytes(bytes);
    if (fPort === STATUS_PORT) report(frame, 0, new OpenRecord(sink));
    else if (fPort === ANSWER_PORT && frame.u8(2) === STATUS_REPORT) report(frame, ANSWER_HEADER, new OpenRecord(sink));
    // Settings and hardware measure nothing; an alarm (port 2) tells what the next status report tells too.
  },
};

function report(frame: FrameBytes, at: number, out: OpenRecord): void {
  const ambient = temperature(frame.u8(at + 27));
  const error = frame.u16Le(at + 4);
  if (error & NOT_SENSING) out.bad('invalid-value', 'the meter says that it cannot feel the pipe');
  // Litres.
  out.value('waterVolume', frame.u32Le(at + 6) / 1000);
  out.value('waterLeak', frame.u8(at + 22) >= FIRST_LEAK ? 1 : 0);
  out.value('batteryVoltage', (1800 + 8 * frame.u8(at + 24)) / 1000);
  out.value('temperature.waterMin', temperature(frame.u8(at + 25)));
  out.value('temperature.waterMax', temperature(frame.u8(at + 26)));
  out.value('temperature', ambient);
}

function temperature(raw: number): number {
  return raw / 2 - 20;
}
