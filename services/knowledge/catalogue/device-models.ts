/** All device models that ship. A new one is one file in device-models/ and one line in each of the two lists here. */
import type { DeviceModel } from '../../model/catalogue.ts';
import { genericDistanceCm } from './device-models/generic-distance-cm.ts';
import { genericFahrenheitClimate } from './device-models/generic-fahrenheit-climate.ts';
import { genericFillingFraction } from './device-models/generic-filling-fraction.ts';
import { genericJson } from './device-models/generic-json.ts';

export const deviceModels: readonly DeviceModel[] = [
  genericJson,
  genericDistanceCm,
  genericFillingFraction,
  genericFahrenheitClimate,
];
