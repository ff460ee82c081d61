/** The models of Sensative. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { sensativeStripsComfort } from './strips-comfort.ts';
import { sensativeStripsDrip } from './strips-drip.ts';
import { sensativeStripsGuard } from './strips-guard.ts';
import { sensativeStripsGuardHolder } from './strips-guard-holder.ts';

export const sensativeModels: readonly DeviceModel[] = [
  sensativeStripsGuard,
  sensativeStripsGuardHolder,
  sensativeStripsComfort,
  sensativeStripsDrip,
];
