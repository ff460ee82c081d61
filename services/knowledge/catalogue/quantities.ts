/** All quantities that ship. A new one is one row in the file of its domain; a new file is one line here. */
import type { Quantity } from '../../model/catalogue.ts';
import { airAndWeatherQuantities } from './quantities/air-and-weather.ts';
import { deviceQuantities } from './quantities/device.ts';
import { powerAndLightQuantities } from './quantities/power-and-light.ts';
import { soilQuantities } from './quantities/soil.ts';
import { trafficAndPeopleQuantities } from './quantities/traffic-and-people.ts';
import { wasteAndRescueQuantities } from './quantities/waste-and-rescue.ts';
import { waterQuantities } from './quantities/water.ts';

export const quantities: readonly Quantity[] = [
  ...wasteAndRescueQuantities,
  ...waterQuantities,
  ...powerAndLightQuantities,
  ...trafficAndPeopleQuantities,
  ...airAndWeatherQuantities,
  ...soilQuantities,
  ...deviceQuantities,
];
