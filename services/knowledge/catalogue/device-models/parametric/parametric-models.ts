/** The models of Parametric. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { parametricPcr2 } from './pcr2.ts';
import { parametricTcr } from './tcr.ts';

export const parametricModels: readonly DeviceModel[] = [parametricTcr, parametricPcr2];
