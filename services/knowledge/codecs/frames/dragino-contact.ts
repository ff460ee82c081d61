/** Dragino LDS02 (door) and LWL02 (water leak): the state, and how often it changed (user manuals, section "Uplink payload"). */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';

const OPEN = 0x80;
const LEAK = 0x40;

export const draginoContact: FrameCodec = {
  name: 'dragino-contact',
  decode({ bytes }, sink) {
    const frame = new FrameBytes(bytes);
    const flags = frame.u8(0);
    const mode = frame.u8(2);
    if (mode < 1 || mode > 3) throw new Rejected('codec-failed', `work mode ${mode} is none of 1 to 3`);
    const count = mode === 3 ? 0 : frame.u24(3);
    sink.record(undefined);
    sink.value('batteryVoltage', (frame.u16(0) & 0x3fff) / 1000);
    if (mode !== 2) sink.value('contact', flags & OPEN ? 1 : 0);
    if (mode !== 1) sink.value('waterLeak', flags & LEAK ? 1 : 0);
    if (mode !== 3) sink.value(mode === 1 ? 'openCount' : 'leakCount', count);
  },
};
