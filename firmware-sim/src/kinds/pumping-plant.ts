/**
 * The water and the pumps of one pumping station, in steps of a minute. Station and pumps report through devices of
 * their own: each keeps a copy of the plant, and all copies agree because the steps lie on one grid.
 */
import { type Attributes, clamp, numberOf } from '../kind.ts';
import { DAY, HOUR, MINUTE } from '../world/local-time.ts';
import type { Rng } from '../world/rng.ts';
import type { Situations } from '../world/situations.ts';
import type { Weather } from '../world/weather.ts';
import { weekProfile } from '../world/week-profile.ts';

// Dry-weather flow as a share of its mean: two peaks, later at weekends.
const DRY = weekProfile(
  [0.5, 0.4, 0.3, 0.3, 0.3, 0.5, 1.1, 1.6, 1.5, 1.2, 1.1, 1.1, 1.1, 1, 1, 1, 1.1, 1.3, 1.5, 1.5, 1.4, 1.2, 1, 0.7],
  [
    0.6, 0.5, 0.4, 0.3, 0.3, 0.4, 0.6, 0.9, 1.3, 1.6, 1.6, 1.4, 1.3, 1.2, 1.1, 1.1, 1.1, 1.3, 1.4, 1.4, 1.2, 1.1, 1,
    0.8,
  ],
  [
    0.6, 0.5, 0.4, 0.3, 0.3, 0.4, 0.6, 0.9, 1.3, 1.6, 1.6, 1.5, 1.3, 1.2, 1.1, 1.1, 1.2, 1.4, 1.5, 1.4, 1.2, 1.1, 0.9,
    0.7,
  ],
);

interface PumpState {
  running: boolean;
  faultUntil: number;
  /** Hours run and starts, ever. */
  hours: number;
  starts: number;
}

export interface Plant {
  /** Runs the grid up to `timeMs`. */
  advance(timeMs: number): void;
  /** Metres over the bottom of the sump. */
  readonly depth: number;
  /** m³/h pumped away in the last minute. */
  readonly flow: number;
  /** kWh, ever. */
  readonly energy: number;
  readonly mains: boolean;
  readonly doorOpen: boolean;
  readonly pumps: readonly PumpState[];
}

/** m³/h of one pump: it empties the working volume in some ten minutes. */
export function pumpCapacity(station: Attributes): number {
  return Math.round(numberOf(station, 'sumpArea', 6) * 6);
}

interface PlantOptions {
  attributes: Attributes;
  /** A generator that is the same for every copy. */
  rng: Rng;
  weather: Weather;
  startMs: number;
  pumps: number;
  situations: Situations;
}

export function createPlant({ attributes, rng, weather, startMs, pumps: count, situations }: PlantOptions): Plant {
  const area = numberOf(attributes, 'sumpArea', 6);
  const start = numberOf(attributes, 'startLevel', 1.2);
  const stop = numberOf(attributes, 'stopLevel', 0.5);
  const high = numberOf(attributes, 'highLevel', 1.8);
  const overflow = numberOf(attributes, 'overflowLevel', 2.6);
  const capacity = pumpCapacity(attributes);
  const meanInflow = area * rng.between(0.9, 1.5);
  const perMmRain = area * rng.between(0.5, 1.4); // m³/h for each mm/h: leaky and combined sewers
  const kwhPerM3 = rng.between(0.12, 0.3);
  const pumps: PumpState[] = Array.from({ length: count }, () => ({
    running: false,
    faultUntil: 0,
    hours: Math.round(rng.between(800, 9000)),
    starts: Math.round(rng.between(6000, 60000)),
  }));
  let next = Math.ceil(startMs / MINUTE) * MINUTE;
  let depth = rng.between(stop, start);
  let energy = Math.round(rng.between(4000, 60000));
  let wet = 0;
  let flow = 0;
  let lead = 0;
  let powerOutFrom = next + rng.exponential(160 * DAY);
  let powerOutTo = powerOutFrom + rng.between(4, 90) * MINUTE;
  let doorFrom = next + rng.exponential(12 * DAY);
  let doorTo = doorFrom + rng.between(10, 50) * MINUTE;
  let mains = true;
  let doorOpen = false;

  const step = (t: number): void => {
    if (t >= powerOutTo) {
      powerOutFrom = t + rng.exponential(160 * DAY);
      powerOutTo = powerOutFrom + rng.between(4, 90) * MINUTE;
    }
    if (t >= doorTo) {
      doorFrom = t + rng.exponential(12 * DAY);
      doorTo = doorFrom + rng.between(10, 50) * MINUTE;
    }
    mains = !(situations.active('powerLoss', t) || t >= powerOutFrom);
    doorOpen = situations.active('doorOpen', t) || t >= doorFrom;
    // Rain reaches the sump through some 40 minutes of pipe.
    if (t % (5 * MINUTE) === 0) wet += (weather.rain(t) - wet) * 0.12;
    const inflow = meanInflow * DRY(t) + perMmRain * wet;

    if (depth >= start && !pumps.some((p) => p.running)) lead = (lead + 1) % count; // they take turns, to wear evenly
    flow = 0;
    for (let i = 0; i < count; i++) {
      const pump = pumps[(lead + i) % count]!; // modulo its length
      // About once in 70 days a pump trips: rags, overheating. It stays out until somebody comes.
      if (pump.running && rng.chance(1 / (70 * 24 * 12))) pump.faultUntil = t + rng.between(0.5, 8) * HOUR;
      const faulty = t < pump.faultUntil || (pump === pumps[0] && situations.active('pumpFault', t));
      if (faulty) pump.faultUntil = Math.max(pump.faultUntil, t + MINUTE);
      const wanted = pump.running ? depth > stop : depth >= start + i * 0.25;
      const runs = mains && !faulty && wanted;
      if (runs && !pump.running) pump.starts++;
      if (runs) {
        pump.hours += 1 / 60;
        flow += capacity * 0.97 ** i;
      }
      pump.running = runs;
    }
    depth += (inflow - flow) / 60 / area;
    depth = clamp(depth, 0, overflow + 0.3); // beyond it runs over the edge
    if (situations.active('highLevel', t)) depth = Math.max(depth, high + 0.12);
    energy += (flow / 60) * kwhPerM3 + 0.002;
  };

  return {
    advance(timeMs) {
      // After a long pause of the simulation itself, two days are enough to find the rhythm again.
      if (timeMs - next > 60 * DAY) next = Math.ceil((timeMs - 2 * DAY) / MINUTE) * MINUTE;
      for (; next <= timeMs; next += MINUTE) step(next);
    },
    get depth() {
      return depth;
    },
    get flow() {
      return flow;
    },
    get energy() {
      return energy;
    },
    get mains() {
      return mains;
    },
    get doorOpen() {
      return doorOpen;
    },
    pumps,
  };
}
