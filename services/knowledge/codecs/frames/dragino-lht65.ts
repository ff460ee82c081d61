/** Dragino LHT65 and LHT65N: temperature, humidity, something at the socket, and what was logged (user manuals, 2.4 and 2.6). */
import type { RecordSink } from '../format.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';

const STATUS_PORT = 5;
const HISTORY_PORT = 3;
/** Bytes of a logged entry. */
const ENTRY = 11;
/** No probe at the socket: 327.67 °C. */
const NO_PROBE = 0x7fff;

/** What is plugged in, by the low bits of byte 6. */
const PROBE = 1;
const LIGHT = 5;
const COUNTER = 7;
const LONG_COUNTER = 8;
const PROBE_WITH_TIME = 9;
const CLIMATE = 11;

export const draginoLht65: FrameCodec = {
  name: 'dragino-lht65',
  decode({ bytes, fPort }, sink) {
    const frame = new FrameBytes(bytes);
    if (fPort === STATUS_PORT) {
      const volts = frame.u16(5) / 1000;
      sink.record(undefined);
      sink.value('batteryVoltage', volts);
    } else if (fPort === HISTORY_PORT) history(frame, sink);
    else live(frame, sink);
  },
};

function live(frame: FrameBytes, sink: RecordSink): void {
  const plugged = frame.u8(6) & 0x0f;
  frame.u32(7); // the four bytes of the socket are always sent: a frame without them is not whole
  sink.record(undefined);
  // With a clock in the last four bytes there is no room for the battery: the probe stands in its place.
  if (plugged === PROBE_WITH_TIME) probe(frame.i16(0), sink);
  else sink.value('batteryVoltage', (frame.u16(0) & 0x3fff) / 1000);
  climate(frame, 2, sink);
  if (plugged === PROBE) probe(frame.i16(7), sink);
  else if (plugged === LIGHT) sink.value('illuminance', frame.u16(7));
  else if (plugged === COUNTER) sink.value('count', frame.u16(7));
  else if (plugged === LONG_COUNTER) sink.value('count', frame.u32(7));
  else if (plugged === CLIMATE) {
    probe(frame.i16(7), sink);
    sink.value('relativeHumidity.external', frame.u16(9) / 10);
  }
}

function history(frame: FrameBytes, sink: RecordSink): void {
  for (let at = 0; at < frame.length; at += ENTRY) {
    const time = frame.u32(at + 7);
    // Eleven zeros: nothing was logged in the time that was asked for.
    if (time === 0) continue;
    const external = frame.i16(at);
    sink.record(time * 1000);
    climate(frame, at + 2, sink);
    const plugged = frame.u8(at + 6) & 0x0f;
    if (plugged === PROBE || plugged === PROBE_WITH_TIME) probe(external, sink);
  }
}

function climate(frame: FrameBytes, at: number, sink: RecordSink): void {
  sink.value('temperature', frame.i16(at) / 100);
  sink.value('relativeHumidity', (frame.u16(at + 2) & 0x0fff) / 10);
}

function probe(hundredths: number, sink: RecordSink): void {
  if (hundredths !== NO_PROBE) sink.value('temperature.external', hundredths / 100);
}
