/** A stream seen from a bridge: rises with rain within hours, falls over a day. */
import { clamp, type Kind, numberOf, round } from '../kind.ts';
import { HOUR, MINUTE, yearShare } from '../world/local-time.ts';

export const waterLevel: Kind = {
  id: 'water-level',
  assetType: 'water-level',
  label: { da: 'vandstand i vandløb', en: 'stream level' },

  attributes(rng) {
    const bottomElevation = round(rng.between(2, 40), 2);
    return {
      bottomElevation,
      sensorElevation: round(bottomElevation + rng.between(3.5, 5), 2),
      datum: 'DVR90',
      lowLevel: round(bottomElevation + 0.15, 2),
      warningLevel: round(bottomElevation + rng.between(1.9, 2.1), 2),
      dangerLevel: round(bottomElevation + rng.between(2.4, 2.7), 2),
      riseLimit: 30,
    };
  },

  create({ rng, attributes, weather, startMs, situations }) {
    const bottom = numberOf(attributes, 'bottomElevation', 10);
    const sensor = numberOf(attributes, 'sensorElevation', 14);
    const warning = numberOf(attributes, 'warningLevel', bottom + 2);
    const base = rng.between(0.4, 0.75);
    const response = rng.between(0.02, 0.05); // metres for each mm of rain
    let storm = 0;
    let last = startMs;
    return {
      intervalSeconds: 15 * 60,
      sample(t) {
        while (last < t) {
          const step = Math.min(15 * MINUTE, t - last);
          storm *= Math.exp(-step / (20 * HOUR));
          storm += (weather.rain(last - 2 * HOUR) * response * step) / HOUR; // two hours from the field to the bridge
          last += step;
        }
        const season = 0.15 * Math.cos(2 * Math.PI * (yearShare(t) - 0.1));
        let level = bottom + base + season + storm;
        if (situations.active('high', t)) level = Math.max(level, warning + 0.06);
        return {
          distance: Math.round(clamp((sensor - level) * 1000 + rng.normal(0, 3), 100, 20000)),
          temperature: round(clamp(weather.temperature(t - 12 * HOUR) * 0.8 + 1.5, 0.2, 24), 1),
        };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
