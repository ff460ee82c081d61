/** A small air-quality station: exhaust with the traffic, particles with still and cold air, ozone with the sun. */
import { clamp, type Kind, round } from '../kind.ts';
import { HOUR, localTime } from '../world/local-time.ts';
import { hashText, smoothNoise } from '../world/rng.ts';
import { weekProfile } from '../world/week-profile.ts';

const EXHAUST = weekProfile(
  [10, 8, 6, 8, 15, 40, 80, 100, 85, 60, 55, 55, 58, 58, 65, 85, 95, 80, 55, 42, 34, 28, 20, 14],
  [14, 11, 9, 7, 8, 12, 20, 30, 42, 52, 58, 58, 55, 50, 46, 44, 42, 40, 36, 32, 28, 26, 22, 18],
  [16, 13, 10, 8, 8, 10, 14, 18, 26, 36, 44, 48, 50, 50, 50, 50, 48, 44, 38, 32, 26, 22, 16, 11],
);

export const airQuality: Kind = {
  id: 'air-quality',
  assetType: 'air-quality',
  label: { da: 'luftkvalitetsmåler', en: 'air quality' },

  attributes(rng) {
    return {
      height: round(rng.between(2.5, 4), 1),
      siteType: rng.pick(['traffic', 'background']),
      method: 'indikativ',
    };
  },

  create({ rng, attributes, weather }) {
    const traffic = attributes.siteType === 'traffic' ? 1 : 0.35;
    const distant = smoothNoise(hashText(String(rng.next()))); // what the wind brings from elsewhere
    return {
      intervalSeconds: 30 * 60,
      sample(t) {
        const temperature = weather.temperature(t);
        const still = 1.6 / (0.6 + weather.wind(t) / 5);
        const exhaust = (EXHAUST(t) / 100) * traffic * still;
        const smoke = clamp(10 - temperature, 0, 12) * (localTime(t).hour > 16 ? 0.5 : 0.15); // wood stoves
        const pm25 = 5 + 3 * distant(t / (50 * HOUR)) + 4 * exhaust + smoke * still + rng.normal(0, 0.5);
        const sun = Math.max(0, Math.cos((2 * Math.PI * (localTime(t).hour - 14)) / 24));
        const no2 = clamp(4 + 34 * exhaust + rng.normal(0, 1), 0, 5000);
        return {
          pm25: round(clamp(pm25, 0.5, 2000), 1),
          pm10: round(clamp(pm25 * 1.5 + 4 * exhaust + 2, 1, 2000), 1),
          no2: round(no2, 1),
          o3: round(
            clamp(48 + 25 * sun * clamp(temperature / 20, 0, 1.4) - 0.6 * no2 + rng.normal(0, 1.5), 1, 5000),
            1,
          ),
          temperature: round(temperature + rng.normal(0, 0.15), 1),
          relativeHumidity: round(clamp(weather.humidity(t) + rng.normal(0, 0.8), 0, 100), 1),
        };
      },
    };
  },
};
