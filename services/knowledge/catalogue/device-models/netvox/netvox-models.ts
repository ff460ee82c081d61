/** The models of Netvox. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { netvoxR711 } from './r711.ts';
import { netvoxR712 } from './r712.ts';
import { netvoxR718a } from './r718a.ts';
import { netvoxR718b } from './r718b.ts';
import { netvoxR718g } from './r718g.ts';
import { netvoxR718wa } from './r718wa.ts';

export const netvoxModels: readonly DeviceModel[] = [
  netvoxR711,
  netvoxR712,
  netvoxR718a,
  netvoxR718b,
  netvoxR718g,
  netvoxR718wa,
];
