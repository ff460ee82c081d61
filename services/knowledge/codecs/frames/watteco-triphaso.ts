/** nke Watteco Triphas'O, three-phase meter: attributes of ZigBee clusters (support wiki, clusters 800A, 800B and 8010). */
import { Rejected } from '../../../model/errors.ts';
import { FrameBytes } from '../frame-bytes.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

/** Bits that every report on its own has set in its first byte; a batch of reports has not. */
const SINGLE = 0x11;
const REPORT = 0x0a;
const ALARM = 0x8a;
const ANSWER = 0x01;
const BYTE_STRING = 0x41;

/** Ends of the meter: the phases, then their sum. */
const ENDS = ['.L1', '.L2', '.L3', ''];

type Reader = (frame: FrameBytes, at: number, end: string, out: OpenRecord) => void;

const READERS: Readonly<Record<number, { bytes: number; read: Reader }>> = {
  /** Energy and power: active and reactive, drawn and given back, Wh, varh, W and var. */
  32778: {
    bytes: 32,
    read(frame, at, end, out) {
      out.value(`energy${end}`, frame.u32(at) / 1000);
      out.value(`energyReturned${end}`, frame.u32(at + 4) / 1000);
      // What is given back counts against what is drawn.
      out.value(`activePower${end}`, (frame.i32(at + 16) - frame.i32(at + 20)) / 1000);
    },
  },
  /** Voltage in tenths of a volt, current in tenths of an ampere, angle between them. */
  32779: {
    bytes: 6,
    read(frame, at, end, out) {
      out.value(`voltage${end}`, frame.u16(at) / 10);
      out.value(`current${end}`, frame.u16(at + 2) / 10);
    },
  },
  /** Net energies of the phases and their sum: active, reactive, Wh and varh. */
  32784: {
    bytes: 32,
    read(frame, at, _end, out) {
      for (const [i, name] of ENDS.entries()) out.value(`netEnergy${name}`, frame.i32(at + 8 * i) / 1000);
    },
  },
};

export const wattecoTriphaso: FrameCodec = {
  name: 'watteco-triphaso',
  decode({ bytes }, sink) {
    const frame = new FrameBytes(bytes);
    const control = frame.u8(0);
    if ((control & SINGLE) !== SINGLE) throw new Rejected('codec-failed', 'batches of reports are not read');
    const command = frame.u8(1);
    if (command !== REPORT && command !== ALARM && command !== ANSWER) return; // about settings
    const reader = READERS[frame.u16(2)];
    const attribute = frame.u16(4);
    // Other clusters tell of the device itself.
    if (!reader || attribute !== 0) return;
    // An answer says first how it went.
    const at = command === ANSWER ? 7 : 6;
    const length = frame.u8(at + 1);
    if (frame.u8(at) !== BYTE_STRING || length < reader.bytes)
      throw new Rejected('codec-failed', `${length} bytes where ${reader.bytes} are needed`);
    frame.u8(at + 1 + length); // all of it is there
    const end = ENDS[((control & 0xe0) >> 5) | ((control & 0x06) << 2)];
    if (end === undefined) throw new Rejected('codec-failed', 'the meter has four ends');
    reader.read(frame, at + 2, end, new OpenRecord(sink));
  },
};
