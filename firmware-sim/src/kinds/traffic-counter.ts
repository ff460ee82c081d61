/** A traffic counter with two directions: into town in the morning, home in the afternoon. */
import { clamp, type Kind, numberOf, round } from '../kind.ts';
import { HOUR } from '../world/local-time.ts';
import { weekProfile } from '../world/week-profile.ts';

// Share of the largest hour.
const IN = weekProfile(
  [3, 2, 1, 2, 6, 22, 60, 100, 78, 48, 44, 46, 50, 50, 52, 58, 62, 54, 38, 28, 20, 15, 10, 6],
  [5, 4, 3, 2, 3, 6, 12, 22, 38, 52, 58, 58, 55, 50, 46, 44, 42, 38, 30, 24, 18, 15, 12, 9],
  [7, 5, 4, 3, 3, 5, 8, 13, 22, 36, 46, 50, 52, 52, 52, 54, 52, 46, 36, 28, 20, 14, 9, 5],
);
const OUT = weekProfile(
  [4, 2, 1, 1, 3, 10, 26, 48, 46, 42, 44, 48, 54, 58, 72, 96, 100, 76, 48, 34, 26, 20, 13, 8],
  [6, 4, 3, 2, 2, 4, 9, 16, 28, 42, 54, 60, 60, 56, 50, 46, 42, 38, 32, 26, 20, 17, 14, 11],
  [8, 6, 4, 3, 3, 4, 7, 11, 18, 30, 42, 50, 54, 56, 58, 60, 58, 50, 40, 30, 22, 15, 10, 6],
);

export const trafficCounter: Kind = {
  id: 'traffic-counter',
  assetType: 'traffic-counter',
  label: { da: 'trafiktæller', en: 'traffic counter' },

  attributes(rng) {
    return {
      speedLimit: rng.pick([50, 50, 60, 80]),
      road: rng.pick(['Hovedgaden', 'Ringvejen', 'Nørregade', 'Fjordvej', 'Skolevej', 'Søndre Landevej']),
      interval: 60,
    };
  },

  create({ rng, attributes, startMs }) {
    const limit = numberOf(attributes, 'speedLimit', 50);
    const largest = rng.between(120, 700); // vehicles an hour and direction
    let last = startMs;
    return {
      intervalSeconds: numberOf(attributes, 'interval', 60) * 60,
      sample(t) {
        const hours = (t - last) / HOUR;
        const middle = (t + last) / 2;
        last = t;
        const values: Record<string, number> = {};
        for (const [direction, profile] of [
          ['north', IN],
          ['south', OUT],
        ] as const) {
          const perHour = (largest * profile(middle)) / 100;
          const count = rng.poisson(perHour * hours);
          values[`vehicleCount.${direction}`] = count;
          if (count === 0) continue; // no vehicles have no speed
          const average = limit + 2 - 9 * (perHour / largest) ** 2 + rng.normal(0, 4 / Math.sqrt(count));
          values[`averageVehicleSpeed.${direction}`] = round(clamp(average, 5, 160), 1);
          values[`speedV85.${direction}`] = round(clamp(average + 7, 8, 180), 1);
        }
        return values;
      },
    };
  },
};
