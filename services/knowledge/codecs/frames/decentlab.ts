/**
 * Decentlab: version 2, device id, flags, then the words of each group whose flag is set, big-endian ("Data format" in the
 * user guide of each product). Which words a group has and how they become numbers is a table of its own for each product:
 * decentlab-level.ts and its neighbours.
 */
import { Rejected } from '../../../model/errors.ts';
import type { FrameCodec } from '../frame-codec.ts';
import { OpenRecord } from './open-record.ts';

/** Settings of the one device, from attributes and tags, by name. */
export type Setting = (name: string, byDefault: number) => number;

export interface DecentlabValue {
  key: string;
  /** `x`: the words of the group. `undefined`: there is no such sensor, or no value. */
  value(x: readonly number[], setting: Setting): number | undefined;
}

export interface DecentlabGroup {
  /** Words of 16 bits. */
  words: number;
  values: readonly DecentlabValue[];
}

const VERSION = 2;
const HEADER_BYTES = 5;

/** Zero in the middle of the range, `per` counts a unit: how most of their words are written. */
export function centred(key: string, word: number, per: number): DecentlabValue {
  return { key, value: (x) => (x[word]! - 32_768) / per }; // the table asks for words its group has
}

/** As it is, `per` counts a unit. */
export function plain(key: string, word: number, per = 1): DecentlabValue {
  return { key, value: (x) => x[word]! / per }; // as above
}

/** The last group of most products. */
export const BATTERY: DecentlabGroup = { words: 1, values: [plain('batteryVoltage', 0, 1000)] };

/** `groups` in the order of the flags, lowest bit first. */
export function decentlab(name: string, groups: readonly DecentlabGroup[]): FrameCodec {
  return {
    name,
    decode({ bytes, variables }, sink) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (view.byteLength < HEADER_BYTES)
        throw new Rejected('codec-failed', `${view.byteLength} bytes, but the head alone has ${HEADER_BYTES}`);
      if (view.getUint8(0) !== VERSION)
        throw new Rejected(
          'codec-failed',
          `version ${view.getUint8(0)} of the protocol is unknown, ${VERSION} is known`,
        );
      const flags = view.getUint16(3);
      const setting: Setting = (key, byDefault) => {
        const set = Object.hasOwn(variables, key) ? Number(variables[key]) : Number.NaN;
        return Number.isFinite(set) ? set : byDefault;
      };
      const out = new OpenRecord(sink);
      let at = HEADER_BYTES;
      for (const [bit, { words, values }] of groups.entries()) {
        if ((flags & (1 << bit)) === 0) continue;
        if (at + 2 * words > view.byteLength)
          throw new Rejected('codec-failed', `the frame ends at byte ${view.byteLength}, within group ${bit}`);
        const x = Array.from({ length: words }, (_, i) => view.getUint16(at + 2 * i));
        for (const { key, value } of values) {
          const v = value(x, setting);
          if (v !== undefined) out.value(key, v);
        }
        at += 2 * words;
      }
      // Another product, then: to believe the words that fit would be to guess.
      if (flags >> groups.length || at !== view.byteLength)
        throw new Rejected(
          'codec-failed',
          `flags ${flags.toString(2)} and ${view.byteLength} bytes do not fit: ${at} bytes and ${groups.length} groups were expected`,
        );
    },
  };
}
