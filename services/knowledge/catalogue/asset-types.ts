/** All asset types that ship. A new one is one file in asset-types/ and one line in each of the two lists here. */
import type { AssetType } from '../../model/catalogue.ts';
import { airQuality } from './asset-types/air-quality.ts';
import { building } from './asset-types/building.ts';
import { groundwater } from './asset-types/groundwater.ts';
import { indoorClimate } from './asset-types/indoor-climate.ts';
import { lightingCabinet } from './asset-types/lighting-cabinet.ts';
import { manhole } from './asset-types/manhole.ts';
import { overflow } from './asset-types/overflow.ts';
import { parkingArea } from './asset-types/parking-area.ts';
import { parkingSpace } from './asset-types/parking-space.ts';
import { peopleCounter } from './asset-types/people-counter.ts';
import { pump } from './asset-types/pump.ts';
import { pumpingStation } from './asset-types/pumping-station.ts';
import { rescueRing } from './asset-types/rescue-ring.ts';
import { roadWeather } from './asset-types/road-weather.ts';
import { room } from './asset-types/room.ts';
import { soilMoisture } from './asset-types/soil-moisture.ts';
import { streetLight } from './asset-types/street-light.ts';
import { trafficCounter } from './asset-types/traffic-counter.ts';
import { wasteContainer } from './asset-types/waste-container.ts';
import { waterLevel } from './asset-types/water-level.ts';

export const assetTypes: readonly AssetType[] = [
  airQuality,
  building,
  groundwater,
  indoorClimate,
  lightingCabinet,
  manhole,
  overflow,
  parkingArea,
  parkingSpace,
  peopleCounter,
  pump,
  pumpingStation,
  rescueRing,
  roadWeather,
  room,
  soilMoisture,
  streetLight,
  trafficCounter,
  wasteContainer,
  waterLevel,
];
