/** The models of Dingtek. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { dingtekDf702 } from './df702.ts';
import { dingtekDf703 } from './df703.ts';

export const dingtekModels: readonly DeviceModel[] = [dingtekDf702, dingtekDf703];
