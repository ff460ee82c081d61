/** The weather over the region: a pure function of seed and time, so that rain reaches every asset at once. */
import { HOUR, localTime, yearShare } from './local-time.ts';
import { hash01, hashText, smoothNoise } from './rng.ts';

export interface Weather {
  /** Degrees Celsius in the shade. */
  temperature(utcMs: number): number;
  /** mm/h at this moment. */
  rain(utcMs: number): number;
  /** Percent. */
  humidity(utcMs: number): number;
  /** m/s */
  wind(utcMs: number): number;
}

const SLOT = 8 * HOUR;

export function createWeather(seed: string | number): Weather {
  const base = hashText(String(seed));
  const fronts = smoothNoise(base ^ 0x51ed);
  const breeze = smoothNoise(base ^ 0x2f1b);
  const moisture = smoothNoise(base ^ 0x7a33);

  const temperature = (t: number): number => {
    const year = yearShare(t);
    // Denmark's normals: about 1 degree at the end of January, 17 at the end of July.
    const season = 9 - 8 * Math.cos(2 * Math.PI * (year - 0.075));
    const swing = 3 - 2.2 * Math.cos(2 * Math.PI * (year - 0.03));
    const day = swing * Math.cos((2 * Math.PI * (localTime(t).hour - 15)) / 24);
    return season + day + 4 * fronts(t / (70 * HOUR)) + 0.6 * breeze(t / HOUR);
  };

  /** One spell at most starts in each slot of 8 h: about 190 mm a season, now and then a cloudburst. */
  const spell = (slot: number, t: number): number => {
    if (hash01(base, slot * 4) > 0.3) return 0;
    const start = slot * SLOT + hash01(base, slot * 4 + 1) * 4 * HOUR;
    const heavy = hash01(base, slot * 4 + 2);
    const length = heavy > 0.96 ? HOUR : (1 + 5 * hash01(base, slot * 4 + 3)) * HOUR;
    const x = (t - start) / length;
    if (x <= 0 || x >= 1) return 0;
    const peak = heavy > 0.96 ? 24 : 0.4 + 4 * heavy * heavy;
    return peak * Math.sin(Math.PI * x) ** 2;
  };

  const rain = (t: number): number => {
    const slot = Math.floor(t / SLOT);
    return spell(slot, t) + spell(slot - 1, t);
  };

  return {
    temperature,
    rain,
    humidity: (t) => {
      const day = -9 * Math.cos((2 * Math.PI * (localTime(t).hour - 15)) / 24);
      const wet = Math.min(14, rain(t) * 8);
      return Math.min(100, Math.max(25, 80 + day + 9 * moisture(t / (30 * HOUR)) + wet));
    },
    wind: (t) => Math.max(0, 5 + 4 * breeze(t / (9 * HOUR))),
  };
}
