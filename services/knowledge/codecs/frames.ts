/** All codecs of our own. A framing is one file in frames/ and one line here; device models name their codec. */
import type { FrameCodec } from './frame-codec.ts';
import { cayenneLpp } from './frames/cayenne-lpp.ts';
import { decentlabAir } from './frames/decentlab-air.ts';
import { decentlabLevel } from './frames/decentlab-level.ts';
import { decentlabSoil } from './frames/decentlab-soil.ts';
import { elsys } from './frames/elsys.ts';
import { milesightAm } from './frames/milesight-am.ts';
import { milesightEm } from './frames/milesight-em.ts';
import { milesightUc } from './frames/milesight-uc.ts';
import { milesightWs } from './frames/milesight-ws.ts';

const all: readonly FrameCodec[] = [
  cayenneLpp,
  ...decentlabAir,
  ...decentlabLevel,
  ...decentlabSoil,
  elsys,
  ...milesightAm,
  ...milesightEm,
  ...milesightUc,
  ...milesightWs,
];

const codecOf = new Map(all.map((c) => [c.name, c]));

/** `undefined` where none has the name; that of a script (`script:{id}`) is none of ours. */
export function frameCodec(name: string): FrameCodec | undefined {
  return codecOf.get(name);
}
