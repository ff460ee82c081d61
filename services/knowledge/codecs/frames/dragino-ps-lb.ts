/** Dragino PS-LB: a submersible or threaded pressure probe on a 4–20 mA loop (user manual, sections 2.3 and 2.4). */
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';

const STATUS_PORT = 5;
/** Probe models: the first byte says what is measured, the second of a submersible one its range in metres. */
const SUBMERSIBLE = 0;

export const draginoPsLb: FrameCodec = {
  name: 'dragino-ps-lb',
  decode({ bytes, fPort }, sink) {
    const frame = new FrameBytes(bytes);
    const volts = frame.u16(fPort === STATUS_PORT ? 5 : 0) / 1000;
    if (fPort === STATUS_PORT) {
      sink.record(undefined);
      sink.value('batteryVoltage', volts);
      return;
    }
    const milliamperes = frame.u16(4) / 1000;
    const range = frame.u8(3);
    sink.record(undefined);
    sink.value('batteryVoltage', volts);
    // 4 mA is an empty well, 20 mA the whole range; under 4 mA the probe hangs in the air.
    if (frame.u8(2) === SUBMERSIBLE && range > 0) {
      sink.value('waterDepth', (Math.max(0, milliamperes - 4) / 16) * range);
    } else sink.value('loopCurrent', milliamperes);
  },
};
