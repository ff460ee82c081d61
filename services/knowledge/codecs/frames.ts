/** All codecs of our own. A framing is one file in frames/ and one line here; device models name their codec. */
import type { FrameCodec } from './frame-codec.ts';
import { adeunis } from './frames/adeunis.ts';
import { axiomaW1 } from './frames/axioma-w1.ts';
import { boschParking } from './frames/bosch-parking.ts';
import { browanTabs } from './frames/browan-tabs.ts';
import { cayenneLpp } from './frames/cayenne-lpp.ts';
import { decentlabAir } from './frames/decentlab-air.ts';
import { decentlabLevel } from './frames/decentlab-level.ts';
import { decentlabSoil } from './frames/decentlab-soil.ts';
import { dingtekBin } from './frames/dingtek-bin.ts';
import { draginoContact } from './frames/dragino-contact.ts';
import { draginoDistance } from './frames/dragino-distance.ts';
import { draginoLdds04 } from './frames/dragino-ldds04.ts';
import { draginoLds03a } from './frames/dragino-lds03a.ts';
import { draginoLht52 } from './frames/dragino-lht52.ts';
import { draginoLht65 } from './frames/dragino-lht65.ts';
import { draginoLse01 } from './frames/dragino-lse01.ts';
import { draginoLsn50 } from './frames/dragino-lsn50.ts';
import { draginoPsLb } from './frames/dragino-ps-lb.ts';
import { draginoS31 } from './frames/dragino-s31.ts';
import { draginoT68dl } from './frames/dragino-t68dl.ts';
import { elsys } from './frames/elsys.ts';
import { kellerAdt } from './frames/keller-adt.ts';
import { milesightAm } from './frames/milesight-am.ts';
import { milesightEm } from './frames/milesight-em.ts';
import { milesightUc } from './frames/milesight-uc.ts';
import { milesightWs } from './frames/milesight-ws.ts';
import { netvox } from './frames/netvox.ts';
import { nwaveParking } from './frames/nwave-parking.ts';
import { parametricPcr2 } from './frames/parametric-pcr2.ts';
import { parametricTcr } from './frames/parametric-tcr.ts';
import { pniPlacepod } from './frames/pni-placepod.ts';
import { quandifyCubicmeter } from './frames/quandify-cubicmeter.ts';
import { sensativeStrips } from './frames/sensative-strips.ts';
import { talkpoolOy1110 } from './frames/talkpool.ts';
import { tektelicRoom } from './frames/tektelic-room.ts';
import { vegaAir } from './frames/vega-air.ts';
import { wattecoTriphaso } from './frames/watteco-triphaso.ts';
import { wilsenSonic } from './frames/wilsen-sonic.ts';

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
  adeunis,
  axiomaW1,
  boschParking,
  browanTabs,
  dingtekBin,
  draginoContact,
  draginoDistance,
  draginoLdds04,
  draginoLds03a,
  draginoLht52,
  draginoLht65,
  draginoLse01,
  draginoLsn50,
  draginoPsLb,
  draginoS31,
  draginoT68dl,
  kellerAdt,
  netvox,
  nwaveParking,
  parametricPcr2,
  parametricTcr,
  pniPlacepod,
  quandifyCubicmeter,
  sensativeStrips,
  talkpoolOy1110,
  tektelicRoom,
  vegaAir,
  wattecoTriphaso,
  wilsenSonic,
];

const codecOf = new Map(all.map((c) => [c.name, c]));

/** `undefined` where none has the name; that of a script (`script:{id}`) is none of ours. */
export function frameCodec(name: string): FrameCodec | undefined {
  return codecOf.get(name);
}
