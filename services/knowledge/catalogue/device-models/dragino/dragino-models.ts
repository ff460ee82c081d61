/** The models of Dragino. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { draginoDds75Lb } from './dds75-lb.ts';
import { draginoLdds04 } from './ldds04.ts';
import { draginoLdds75 } from './ldds75.ts';
import { draginoLds02 } from './lds02.ts';
import { draginoLds02Holder } from './lds02-holder.ts';
import { draginoLds03a } from './lds03a.ts';
import { draginoLht52 } from './lht52.ts';
import { draginoLht65 } from './lht65.ts';
import { draginoLht65n } from './lht65n.ts';
import { draginoLse01 } from './lse01.ts';
import { draginoLsn50v2 } from './lsn50v2.ts';
import { draginoLwl02 } from './lwl02.ts';
import { draginoPsLb } from './ps-lb.ts';
import { draginoS31Lb } from './s31-lb.ts';
import { draginoT68dl } from './t68dl.ts';

export const draginoModels: readonly DeviceModel[] = [
  draginoLdds75,
  draginoDds75Lb,
  draginoLdds04,
  draginoLds02,
  draginoLds02Holder,
  draginoLwl02,
  draginoLds03a,
  draginoLht65,
  draginoLht65n,
  draginoLht52,
  draginoLse01,
  draginoLsn50v2,
  draginoPsLb,
  draginoS31Lb,
  draginoT68dl,
];
