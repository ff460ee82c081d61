/** What OS2iot says an application measures, and which type of ours its devices' objects must then be. */
import type { AssetType } from '../../model/catalogue.ts';

/**
 * OS2iot's controlled properties are the names of the Smart Data Models Device (controlledProperty). Only what can be one
 * thing alone is here: `temperature` may be a room, a road or a waste container, so somebody who knows has to say.
 */
const CERTAIN: Readonly<Record<string, string>> = {
  fillingLevel: 'waste-container',
  trafficFlow: 'traffic-counter',
  soilMoisture: 'soil-moisture',
  airPollution: 'air-quality',
};

/** Our quantities for a controlled property, to offer the types that measure any of them. */
const QUANTITIES: Readonly<Record<string, readonly string[]>> = {
  airPollution: ['pm25', 'pm10', 'no2', 'o3'],
  atmosphericPressure: ['atmosphericPressure'],
  depth: ['waterLevel', 'waterDepth', 'distance', 'depthToWater'],
  electricityConsumption: ['energy'],
  energy: ['energy', 'heatEnergy'],
  fillingLevel: ['fillingLevel'],
  humidity: ['relativeHumidity'],
  light: ['illuminance', 'powerState'],
  motion: ['peopleCount', 'peopleInside'],
  noiseLevel: ['laeq'],
  occupancy: ['spotState', 'occupancy', 'peopleInside'],
  power: ['activePower'],
  precipitation: ['precipitation'],
  soilMoisture: ['soilMoistureVwc', 'soilMoisturePressure'],
  speed: ['averageVehicleSpeed'],
  temperature: ['temperature', 'soilTemperature', 'roadSurfaceTemperature'],
  trafficFlow: ['vehicleCount'],
  waterConsumption: ['waterVolume'],
  weatherConditions: ['roadSurfaceTemperature', 'surfaceState'],
};

export type TypeChoice = { type: string } | { choices: string[] };

/** The type, when the properties leave no doubt; else the types that measure any of them, all when none does. */
export function assetTypeOf(properties: readonly string[], types: readonly AssetType[]): TypeChoice {
  const certain = new Set(properties.flatMap((property) => CERTAIN[property] ?? []));
  const [type] = certain;
  if (type !== undefined && certain.size === 1) return { type };
  const wanted = new Set(properties.flatMap((property) => QUANTITIES[property] ?? []));
  const fitting = types.filter((t) => t.quantities.some((quantity) => wanted.has(quantity)));
  return { choices: (fitting.length > 0 ? fitting : types).map((t) => t.id) };
}
