/** All codecs of our own. A framing is one file in frames/ and one line here; device models name their codec. */
import type { FrameCodec } from './frame-codec.ts';

const all: readonly FrameCodec[] = [];

const codecOf = new Map(all.map((c) => [c.name, c]));

/** `undefined` where none has the name; that of a script (`script:{id}`) is none of ours. */
export function frameCodec(name: string): FrameCodec | undefined {
  return codecOf.get(name);
}
