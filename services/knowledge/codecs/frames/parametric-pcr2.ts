/** Parametric (PMX) PCR2, radar for people: counts since the last message, by direction (payload descriptions V2, V3 and V4). */
import { Rejected } from '../../../model/errors.ts';
import type { RecordSink } from '../format.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';

const APPLICATION_PORT = 14;
/** The form that Elsys uses: a tag before each value. */
const LTR_TAG = 0x0a;
const RTL_TAG = 0x16;
const VERSION_3 = 0xbe0103;
const VERSION_4 = 0xbe0104;

export const parametricPcr2: FrameCodec = {
  name: 'parametric-pcr2',
  decode({ bytes, fPort }, sink) {
    // Port 190: settings.
    if (fPort !== APPLICATION_PORT) return;
    const frame = new FrameBytes(bytes);
    if (frame.u8(0) === LTR_TAG && frame.u8(3) === RTL_TAG) {
      counts(frame.u16(1), frame.u16(4), sink);
      return;
    }
    const version = frame.u24(0);
    if (version !== VERSION_3 && version !== VERSION_4)
      throw new Rejected('codec-failed', `payloads that begin with ${version.toString(16)} are not read`);
    const battery = version === VERSION_3 ? frame.u8(11) : frame.u16(11);
    counts(frame.u16(3), frame.u16(5), sink);
    // 0: on mains.
    if (battery > 0 && version === VERSION_3) sink.value('batteryLevel', battery);
    else if (battery > 0) sink.value('batteryVoltage', battery / 1000);
  },
};

function counts(ltr: number, rtl: number, sink: RecordSink): void {
  sink.record(undefined);
  sink.value('peopleCount.ltr', ltr);
  sink.value('peopleCount.rtl', rtl);
}
