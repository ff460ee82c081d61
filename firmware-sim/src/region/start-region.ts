/** The devices of a region brought to life: each with its timeline, from history into the present. */
import { kindOf } from '../kinds/list.ts';
import { createTimeline, type Timeline } from '../timeline.ts';
import { createRng } from '../world/rng.ts';
import { createSituations } from '../world/situations.ts';
import { createWeather } from '../world/weather.ts';
import type { Region } from './create-region.ts';

export interface StartedDevice {
  id: string;
  asset: string;
  timeline: Timeline;
  /** History enters as an import up to here, epoch ms; what is later goes over MQTT, so that rules see it. */
  importUntil: number;
}

export interface StartOptions {
  /** Where history begins, epoch ms. */
  startMs: number;
  /** Where the live part begins, epoch ms. */
  liveMs: number;
  /** How much more often than in life devices report once they are live; 1 as in life. */
  speed?: number;
}

// However high the speed: nobody needs a ring to report every second, and a page wants news within a minute.
const LIVE_INTERVAL = { shortest: 15, longest: 60 };

export function startRegion(region: Region, { startMs, liveMs, speed = 1 }: StartOptions): StartedDevice[] {
  const weather = createWeather(region.seed);
  const rng = createRng(`devices ${region.seed}`);
  const assets = new Map(region.assets.map((a) => [a.id, a.body]));
  const pumps = new Map<string, number>();
  for (const device of region.devices) {
    const parent = assets.get(device.body.asset)?.parent;
    if (device.kind === 'pump' && parent) pumps.set(parent, (pumps.get(parent) ?? 0) + 1);
  }

  return region.devices.map((device) => {
    const id = device.body.asset;
    const asset = assets.get(id);
    if (!asset) throw new Error(`region: device ${device.id} is bound to ${id}, which is not there`);
    const own = rng.split(id);
    const family = asset.parent ?? id; // a station and its pumps draw the same plant
    const instance = kindOf(device.kind).create({
      rng: own,
      attributes: asset.attributes,
      position: asset.location,
      weather,
      startMs,
      situations: createSituations(device.situations, liveMs),
      index: device.index,
      parent: {
        attributes: assets.get(family)?.attributes ?? {},
        rng: rng.split(family),
        pumps: pumps.get(family) ?? 0,
      },
    });
    const intervalSeconds =
      speed === 1
        ? instance.intervalSeconds
        : Math.min(LIVE_INTERVAL.longest, Math.max(LIVE_INTERVAL.shortest, instance.intervalSeconds / speed));
    const timeline = createTimeline({
      instance,
      startMs,
      phase: own.split('phase').next(),
      live: { fromMs: liveMs, intervalSeconds },
    });
    return { id: device.id, asset: id, timeline, importUntil: liveMs - backlog(device.situations) };
  });
}

/** A situation that began before the live part must reach the rules, which imported history does not: at most 8 h. */
function backlog(situations: readonly { from: number }[]): number {
  const earliest = Math.min(0, ...situations.map((s) => s.from));
  return earliest < 0 ? Math.min(8 * 3600, -earliest + 1800) * 1000 : 0;
}
