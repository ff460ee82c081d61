/** Every kind of simulated device. A new kind is one file and one line here. */
import type { Kind } from '../kind.ts';
import { airQuality } from './air-quality.ts';
import { groundwater } from './groundwater.ts';
import { indoorClimate } from './indoor-climate.ts';
import { lightingCabinet } from './lighting-cabinet.ts';
import { manhole } from './manhole.ts';
import { overflow } from './overflow.ts';
import { parkingArea } from './parking-area.ts';
import { parkingSpace } from './parking-space.ts';
import { peopleCounter } from './people-counter.ts';
import { pump } from './pump.ts';
import { pumpingStation } from './pumping-station.ts';
import { rescueRing } from './rescue-ring.ts';
import { roadWeather } from './road-weather.ts';
import { sequence } from './sequence.ts';
import { soilMoisture } from './soil-moisture.ts';
import { streetLight } from './street-light.ts';
import { trafficCounter } from './traffic-counter.ts';
import { wasteContainer } from './waste-container.ts';
import { waterLevel } from './water-level.ts';

export const kinds: readonly Kind[] = [
  wasteContainer,
  pumpingStation,
  pump,
  overflow,
  waterLevel,
  manhole,
  groundwater,
  streetLight,
  lightingCabinet,
  rescueRing,
  trafficCounter,
  peopleCounter,
  airQuality,
  indoorClimate,
  parkingArea,
  parkingSpace,
  soilMoisture,
  roadWeather,
  sequence,
];

export function kindOf(id: string): Kind {
  const kind = kinds.find((k) => k.id === id);
  if (!kind) throw new Error(`no kind of device is called "${id}"; there are ${kinds.map((k) => k.id).join(', ')}`);
  return kind;
}
