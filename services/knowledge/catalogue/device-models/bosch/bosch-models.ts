/** The models of Bosch. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { boschTpl110 } from './tpl110.ts';
import { boschTps110 } from './tps110.ts';

export const boschModels: readonly DeviceModel[] = [boschTps110, boschTpl110];
