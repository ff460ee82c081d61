/**
 * All device models that ship. A new one is one file in device-models/ and one line in each of the two lists here; a
 * vendor with many has a folder and a list of its own.
 */
import type { DeviceModel } from '../../model/catalogue.ts';
import { cayenneLpp } from './device-models/cayenne-lpp.ts';
import { decentlabModels } from './device-models/decentlab/decentlab-models.ts';
import { elsysModels } from './device-models/elsys/elsys-models.ts';
import { genericDistanceCm } from './device-models/generic-distance-cm.ts';
import { genericFahrenheitClimate } from './device-models/generic-fahrenheit-climate.ts';
import { genericFillingFraction } from './device-models/generic-filling-fraction.ts';
import { genericJson } from './device-models/generic-json.ts';
import { milesightModels } from './device-models/milesight/milesight-models.ts';

export const deviceModels: readonly DeviceModel[] = [
  genericJson,
  genericDistanceCm,
  genericFillingFraction,
  genericFahrenheitClimate,
  cayenneLpp,
  ...decentlabModels,
  ...elsysModels,
  ...milesightModels,
];
