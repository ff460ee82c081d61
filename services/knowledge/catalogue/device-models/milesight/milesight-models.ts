/** All models of Milesight that ship. A new one is one file beside this and one line in each of the two lists here. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { milesightAm103 } from './am103.ts';
import { milesightAm107 } from './am107.ts';
import { milesightAm307 } from './am307.ts';
import { milesightAm308 } from './am308.ts';
import { milesightAm319Hcho } from './am319-hcho.ts';
import { milesightAm319O3 } from './am319-o3.ts';
import { milesightCt101 } from './ct101.ts';
import { milesightEm300Mcs } from './em300-mcs.ts';
import { milesightEm300McsRing } from './em300-mcs-ring.ts';
import { milesightEm300Sld } from './em300-sld.ts';
import { milesightEm300Th } from './em300-th.ts';
import { milesightEm310Tilt } from './em310-tilt.ts';
import { milesightEm310Udl } from './em310-udl.ts';
import { milesightEm320Th } from './em320-th.ts';
import { milesightEm400Mud } from './em400-mud.ts';
import { milesightEm400Tld } from './em400-tld.ts';
import { milesightEm400Udl } from './em400-udl.ts';
import { milesightEm410Rdl } from './em410-rdl.ts';
import { milesightEm500Co2 } from './em500-co2.ts';
import { milesightEm500Lgt } from './em500-lgt.ts';
import { milesightEm500Pp } from './em500-pp.ts';
import { milesightEm500Pt100 } from './em500-pt100.ts';
import { milesightEm500Smtc } from './em500-smtc.ts';
import { milesightEm500Swl } from './em500-swl.ts';
import { milesightEm500Udl } from './em500-udl.ts';
import { milesightUc300Pumps } from './uc300-pumps.ts';
import { milesightVs132 } from './vs132.ts';
import { milesightVs133 } from './vs133.ts';
import { milesightVs330 } from './vs330.ts';
import { milesightVs350 } from './vs350.ts';
import { milesightWs203 } from './ws203.ts';
import { milesightWs301 } from './ws301.ts';
import { milesightWs301Ring } from './ws301-ring.ts';
import { milesightWs302 } from './ws302.ts';
import { milesightWts506 } from './wts506.ts';

export const milesightModels: readonly DeviceModel[] = [
  milesightAm103,
  milesightAm107,
  milesightAm307,
  milesightAm308,
  milesightAm319Hcho,
  milesightAm319O3,
  milesightCt101,
  milesightEm300Mcs,
  milesightEm300McsRing,
  milesightEm300Sld,
  milesightEm300Th,
  milesightEm310Tilt,
  milesightEm310Udl,
  milesightEm320Th,
  milesightEm400Mud,
  milesightEm400Tld,
  milesightEm400Udl,
  milesightEm410Rdl,
  milesightEm500Co2,
  milesightEm500Lgt,
  milesightEm500Pp,
  milesightEm500Pt100,
  milesightEm500Smtc,
  milesightEm500Swl,
  milesightEm500Udl,
  milesightUc300Pumps,
  milesightVs132,
  milesightVs133,
  milesightVs330,
  milesightVs350,
  milesightWs203,
  milesightWs301,
  milesightWs301Ring,
  milesightWs302,
  milesightWts506,
];
