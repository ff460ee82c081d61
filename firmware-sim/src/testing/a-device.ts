/** One instance of a kind in an ordinary world, for tests. */
import type { Attributes, Instance } from '../kind.ts';
import { kindOf } from '../kinds/list.ts';
import { createRng } from '../world/rng.ts';
import { createSituations, type Situation } from '../world/situations.ts';
import { createWeather } from '../world/weather.ts';

export const VIBORG = { lat: 56.45, lon: 9.4 };

export interface DeviceForTest {
  seed?: string;
  startMs: number;
  attributes?: Attributes;
  situations?: readonly Situation[];
  /** Where situations count from; the start where nothing is said. */
  liveMs?: number;
  index?: number;
  parent?: { attributes: Attributes; pumps: number };
}

export function aDevice(kindId: string, options: DeviceForTest): { instance: Instance; attributes: Attributes } {
  const { seed = 'test', startMs, situations = [], liveMs = startMs, index = 0, parent } = options;
  const rng = createRng(seed);
  const kind = kindOf(kindId);
  const attributes = { ...kind.attributes(rng.split('attributes'), parent?.attributes), ...options.attributes };
  const instance = kind.create({
    rng: rng.split(kindId).split(String(index)),
    attributes,
    position: VIBORG,
    weather: createWeather(seed),
    startMs,
    situations: createSituations(situations, liveMs),
    index,
    ...(parent ? { parent: { ...parent, rng: rng.split('parent') } } : {}),
  });
  return { instance, attributes };
}
