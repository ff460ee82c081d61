/** All codecs of our own. A new one is one file in frames/ and one line in each of the two lists here. */
import type { FrameCodec } from './frame-codec.ts';

const frameCodecs: readonly FrameCodec[] = [];

const codecOf = new Map(frameCodecs.map((c) => [c.name, c]));

/** By the name that a device model gives; `undefined` when there is none. */
export function frameCodec(name: string): FrameCodec | undefined {
  return codecOf.get(name);
}
