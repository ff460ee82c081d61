/** All dashboards there are. A new domain is one file in domains/ and one line in each of the two lists here. */
import { alerts } from './domains/alerts.ts';
import { asset } from './domains/asset.ts';
import { greenAndWinter } from './domains/green-and-winter.ts';
import { indoorAndAir } from './domains/indoor-and-air.ts';
import { lighting } from './domains/lighting.ts';
import { management } from './domains/management.ts';
import { overview } from './domains/overview.ts';
import { platform } from './domains/platform.ts';
import { pumpsAndSewer } from './domains/pumps-and-sewer.ts';
import { rescueRings } from './domains/rescue-rings.ts';
import { sensorOperations } from './domains/sensor-operations.ts';
import { trafficAndParking } from './domains/traffic-and-parking.ts';
import { waste } from './domains/waste.ts';
import { water } from './domains/water.ts';
import type { Board } from './layer/panels.ts';

export const BOARDS: readonly Board[] = [
  overview,
  waste,
  pumpsAndSewer,
  water,
  lighting,
  rescueRings,
  trafficAndParking,
  indoorAndAir,
  greenAndWinter,
  sensorOperations,
  management,
  asset,
  alerts,
  platform,
];
