/** The models of VEGA. A new one is one file here and one line in each of the two lists. */
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { vegaVegapulsAir41 } from './vegapuls-air-41.ts';
import { vegaVegapulsAir42 } from './vegapuls-air-42.ts';

export const vegaModels: readonly DeviceModel[] = [vegaVegapulsAir41, vegaVegapulsAir42];
