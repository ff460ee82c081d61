/** One bay with a sensor in the ground: reports when a car comes or goes, and now and then that it is alive. */
import type { Kind } from '../kind.ts';
import { batteryLevel } from '../world/battery.ts';
import { HOUR, MINUTE } from '../world/local-time.ts';
import { weekProfile } from '../world/week-profile.ts';

/** Share of bays in use. */
export const OCCUPANCY = weekProfile(
  [12, 10, 8, 8, 8, 10, 20, 42, 66, 80, 86, 90, 88, 86, 86, 84, 80, 66, 48, 38, 32, 26, 20, 15],
  [14, 12, 10, 9, 9, 10, 12, 20, 42, 70, 90, 94, 92, 84, 70, 54, 44, 40, 40, 38, 34, 28, 22, 17],
  [14, 12, 10, 9, 9, 9, 10, 12, 18, 28, 38, 44, 48, 50, 50, 46, 40, 36, 32, 28, 24, 20, 16, 13],
);

export const parkingSpace: Kind = {
  id: 'parking-space',
  assetType: 'parking-space',
  label: { da: 'parkeringsplads', en: 'parking space' },

  attributes(rng) {
    const restriction = rng.pick(['handicap', 'el', 'tid']);
    return { restriction, maxStay: restriction === 'handicap' ? 240 : 120 };
  },

  create({ rng, startMs }) {
    const battery = batteryLevel(rng.split('battery'));
    let occupied = rng.chance(OCCUPANCY(startMs) / 100);
    let changeAt = startMs;
    // Stays of an hour or so; the empty time between follows from how busy the hour is.
    const span = (t: number): number => {
      const share = Math.min(0.95, OCCUPANCY(t) / 100);
      return 3 * MINUTE + rng.exponential(occupied ? HOUR : Math.min(5 * HOUR, (HOUR * (1 - share)) / share));
    };
    changeAt += span(startMs);
    return {
      intervalSeconds: 6 * 3600,
      sample(t) {
        while (changeAt <= t) {
          occupied = !occupied;
          changeAt += span(changeAt);
        }
        return { spotState: occupied ? 'occupied' : 'free', batteryLevel: battery(t) };
      },
      nextEvent: (t) => Math.max(changeAt, t + 1),
    };
  },
};
