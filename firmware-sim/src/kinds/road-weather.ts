/** A road weather sensor: the surface lags behind the air and cools under an open sky. */
import { clamp, type Kind, round } from '../kind.ts';
import { HOUR, localTime, MINUTE, yearShare } from '../world/local-time.ts';

export const roadWeather: Kind = {
  id: 'road-weather',
  assetType: 'road-weather',
  label: { da: 'vejtemperatur', en: 'road weather' },

  attributes(rng) {
    return {
      road: rng.pick(['Ringvejen', 'Søndre Landevej', 'Broagervej', 'Bakkevej', 'Hedevej']),
      class: rng.pick(['1', '2']),
      bridge: rng.chance(0.25),
    };
  },

  create({ rng, attributes, weather, startMs }) {
    const lag = attributes.bridge === true ? 0.8 * HOUR : 2 * HOUR; // a bridge has no ground beneath to warm it
    let surface = weather.temperature(startMs);
    let water = 0; // mm on the road
    let last = startMs;
    return {
      intervalSeconds: 20 * 60,
      sample(t) {
        while (last < t) {
          const step = Math.min(20 * MINUTE, t - last);
          const { hour } = localTime(last);
          const summer = 0.5 - 0.5 * Math.cos(2 * Math.PI * (yearShare(last) - 0.03));
          const sun = Math.max(0, Math.cos((2 * Math.PI * (hour - 13)) / 24)) * (2 + 12 * summer);
          const sky = hour < 7 || hour > 18 ? -1.8 : 0;
          surface += (weather.temperature(last) + sun + sky - surface) * (1 - Math.exp(-step / lag));
          const hours = step / HOUR;
          water = clamp(water + weather.rain(last) * hours - (0.12 + 0.012 * clamp(surface, 0, 40)) * hours, 0, 1.2);
          last += step;
        }
        const wet = water > 0.25 ? 'wet' : water > 0.03 ? 'moist' : 'dry';
        return {
          roadSurfaceTemperature: round(surface + rng.normal(0, 0.08), 1),
          temperature: round(weather.temperature(t) + rng.normal(0, 0.1), 1),
          relativeHumidity: round(clamp(weather.humidity(t) + rng.normal(0, 0.7), 0, 100), 1),
          surfaceState: wet !== 'dry' && surface < -0.5 ? 'ice' : wet,
        };
      },
    };
  },
};
