/** The JSON file of `run --devices`: who the devices are and what they measure. */
import { readFile } from 'node:fs/promises';
import type { Attributes, Kind, Position } from '../kind.ts';
import { kindOf } from '../kinds/list.ts';
import { createTimeline, type Timeline } from '../timeline.ts';
import { createRng } from '../world/rng.ts';
import { NO_SITUATIONS } from '../world/situations.ts';
import { createWeather } from '../world/weather.ts';

export interface DeviceEntry {
  id: string;
  secret: string;
  kind: Kind;
  attributes?: Attributes;
  location?: Position;
  intervalSeconds?: number;
}

// The middle of the region, where nothing else is said.
const SOMEWHERE: Position = { lat: 56.16, lon: 9.55 };

/** Throws with the file, the entry and what is wrong with it. */
export async function readDeviceFile(path: string): Promise<DeviceEntry[]> {
  let list: unknown;
  try {
    list = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`--devices ${path}: ${(error as Error).message}`, { cause: error }); // both throw errors
  }
  if (!Array.isArray(list) || list.length === 0) throw new Error(`--devices ${path}: must be a list of devices`);
  return list.map((entry, i) => {
    try {
      return readEntry(entry);
    } catch (error) {
      throw new Error(`--devices ${path}, entry ${i + 1}: ${(error as Error).message}`, { cause: error }); // readEntry's own
    }
  });
}

function readEntry(entry: unknown): DeviceEntry {
  if (typeof entry !== 'object' || entry === null) throw new Error('must be an object');
  const { id, secret, kind, attributes, location, intervalSeconds } = entry as Record<string, unknown>; // checked below
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)) throw new Error('"id" must be a device id');
  if (typeof secret !== 'string') throw new Error('"secret" must be text');
  if (typeof kind !== 'string') throw new Error('"kind" must be the name of a kind');
  if (intervalSeconds !== undefined && !(typeof intervalSeconds === 'number' && intervalSeconds > 0)) {
    throw new Error('"intervalSeconds" must be a number above 0');
  }
  return {
    id,
    secret,
    kind: kindOf(kind),
    ...(isObject(attributes) ? { attributes: attributes as Attributes } : {}), // kinds read only what has the right type
    ...(isPosition(location) ? { location } : {}),
    ...(intervalSeconds === undefined ? {} : { intervalSeconds }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): value is Position {
  return isObject(value) && typeof value.lat === 'number' && typeof value.lon === 'number';
}

/** A device of its own, in no region: the same seed and id give the same values. */
export function standaloneTimeline(entry: DeviceEntry, { seed, startMs }: { seed: string; startMs: number }): Timeline {
  const rng = createRng(`devices ${seed}`).split(entry.id);
  const instance = entry.kind.create({
    rng,
    attributes: { ...entry.kind.attributes(rng.split('attributes')), ...entry.attributes },
    position: entry.location ?? SOMEWHERE,
    weather: createWeather(seed),
    startMs,
    situations: NO_SITUATIONS,
    index: 0,
  });
  if (entry.intervalSeconds !== undefined) instance.intervalSeconds = entry.intervalSeconds;
  return createTimeline({ instance, startMs, phase: rng.split('phase').next() });
}
