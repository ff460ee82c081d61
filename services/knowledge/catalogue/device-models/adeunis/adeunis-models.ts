/** The models of Adeunis. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { adeunisComfort } from './comfort.ts';
import { adeunisDryContactsPump } from './dry-contacts-pump.ts';
import { adeunisPulseEnergy } from './pulse-energy.ts';
import { adeunisPulseWater } from './pulse-water.ts';
import { adeunisTemp } from './temp.ts';

export const adeunisModels: readonly DeviceModel[] = [
  adeunisTemp,
  adeunisComfort,
  adeunisDryContactsPump,
  adeunisPulseWater,
  adeunisPulseEnergy,
];
