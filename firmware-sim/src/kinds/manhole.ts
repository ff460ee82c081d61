/** A sewer manhole with a level sensor under its cover. */
import { clamp, type Kind, numberOf, round } from '../kind.ts';
import { HOUR, MINUTE } from '../world/local-time.ts';

export const manhole: Kind = {
  id: 'manhole',
  assetType: 'manhole',
  label: { da: 'brønd', en: 'manhole' },

  attributes(rng) {
    const bottomElevation = round(rng.between(5, 40), 2);
    const terrainElevation = round(bottomElevation + rng.between(2, 3.5), 2);
    return {
      terrainElevation,
      bottomElevation,
      sensorElevation: round(terrainElevation - 0.05, 2),
      node: `${rng.pick(['K', 'S', 'R'])}${1000 + rng.int(9000)}`,
    };
  },

  create({ rng, attributes, weather, startMs, situations }) {
    const bottom = numberOf(attributes, 'bottomElevation', 10);
    const terrain = numberOf(attributes, 'terrainElevation', 12.5);
    const sensor = numberOf(attributes, 'sensorElevation', terrain - 0.05);
    let water = 0;
    let last = startMs;
    return {
      intervalSeconds: 30 * 60,
      sample(t) {
        while (last < t) {
          const step = Math.min(10 * MINUTE, t - last);
          water += (Math.min(1.6, weather.rain(last) * 0.09) - water) * (1 - Math.exp(-step / (0.5 * HOUR)));
          last += step;
        }
        let level = Math.min(bottom + 0.12 + water, terrain - 0.3);
        if (situations.active('surcharge', t)) level = terrain - 0.1;
        return { distance: Math.round(clamp((sensor - level) * 1000 + rng.normal(0, 3), 20, 20000)) };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
