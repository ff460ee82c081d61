import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from './local-time.ts';
import { createWeather } from './weather.ts';

const YEAR = Date.UTC(2026, 0, 1);
const hours = Array.from({ length: 365 * 24 }, (_, i) => YEAR + i * HOUR);

describe('weather', () => {
  it('is the same for the same seed, whatever was asked before', () => {
    const [a, b] = [createWeather(1), createWeather(1)];
    a.rain(YEAR);
    const at = YEAR + 100.3 * DAY;
    expect([a.temperature(at), a.rain(at), a.humidity(at)]).toEqual([b.temperature(at), b.rain(at), b.humidity(at)]);
  });

  it('is Danish: a mild winter, a cool summer, 500 to 1,100 mm a year', () => {
    const weather = createWeather(1);
    const mean = (month: number): number => {
      const some = hours.filter((h) => new Date(h).getUTCMonth() === month).map(weather.temperature);
      return some.reduce((a, b) => a + b, 0) / some.length;
    };
    expect(mean(0)).toBeGreaterThan(-3);
    expect(mean(0)).toBeLessThan(5);
    expect(mean(6)).toBeGreaterThan(13);
    expect(mean(6)).toBeLessThan(21);
    const rain = hours.reduce((sum, h) => sum + (weather.rain(h) + weather.rain(h + HOUR / 2)) / 2, 0);
    expect(rain).toBeGreaterThan(500);
    expect(rain).toBeLessThan(1100);
    for (const h of hours) expect(weather.humidity(h)).toBeLessThanOrEqual(100);
  });
});
