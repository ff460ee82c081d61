/** The models of Keller. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { kellerAdt1 } from './adt1.ts';
import { kellerArc1 } from './arc1.ts';

export const kellerModels: readonly DeviceModel[] = [kellerAdt1, kellerArc1];
