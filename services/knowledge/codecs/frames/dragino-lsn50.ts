/** Dragino LSN50 v2 (D20, D22, D23, S31): a node with probes; what it sends depends on its work mode (user manual, section 3.3). */
import { Rejected } from '../../../model/errors.ts';
import type { RecordSink } from '../format.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { draginoStatus } from './dragino-status.ts';

/** A probe that is not there. */
const NO_PROBE = 0x7fff;

export const draginoLsn50: FrameCodec = {
  name: 'dragino-lsn50',
  decode({ bytes, fPort }, sink) {
    const frame = new FrameBytes(bytes);
    if (draginoStatus.ports?.includes(fPort)) {
      const volts = frame.u16(5) / 1000;
      sink.record(undefined);
      sink.value('batteryVoltage', volts);
      return;
    }
    const mode = (frame.u8(6) >> 2) & 0x1f;
    if (mode !== 0 && mode !== 1 && mode !== 3)
      throw new Rejected('codec-failed', `work mode ${mode + 1} is not read: modes 1, 2 and 4 are`);
    frame.u16(mode === 1 ? 7 : 9); // the last bytes of the mode: a frame without them is not whole
    sink.record(undefined);
    sink.value('batteryVoltage', frame.u16(0) / 1000);
    probe('temperature', frame.i16(2), sink);
    if (mode === 0) {
      probe('temperature.2', frame.i16(7), sink);
      if (frame.i16(7) !== NO_PROBE) sink.value('relativeHumidity', frame.u16(9) / 10);
    } else if (mode === 1) {
      const millimetres = frame.u16(7);
      // 0 and 65535: no echo.
      if (millimetres !== 0 && millimetres !== 0xffff) sink.value('distance', millimetres);
    } else {
      probe('temperature.2', frame.i16(7), sink);
      probe('temperature.3', frame.i16(9), sink);
    }
  },
};

function probe(key: string, tenths: number, sink: RecordSink): void {
  if (tenths !== NO_PROBE) sink.value(key, tenths / 10);
}
