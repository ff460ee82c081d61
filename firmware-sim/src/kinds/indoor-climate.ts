/** A classroom: carbon dioxide climbs while it is used and sinks when it is left. */
import { clamp, type Kind, numberOf, round } from '../kind.ts';
import { HOUR, isSchoolHoliday, localTime, MINUTE } from '../world/local-time.ts';

const OUTDOOR = 425;

export const indoorClimate: Kind = {
  id: 'indoor-climate',
  assetType: 'indoor-climate',
  label: { da: 'indeklima i rum', en: 'indoor climate' },

  attributes(rng) {
    return {
      room: `${rng.pick(['A', 'B', 'C'])}${1 + rng.int(3)}.${String(1 + rng.int(20)).padStart(2, '0')}`,
      use: 'undervisning',
      calendar: 'skoledage 8-15',
      seats: 22 + rng.int(8),
    };
  },

  create({ rng, attributes, weather, startMs, situations }) {
    const seats = numberOf(attributes, 'seats', 26);
    const volume = seats * rng.between(6, 8); // m³
    const airChange = rng.between(1.4, 3.2); // a time an hour; the old wing is the low end
    const setPoint = rng.between(20.6, 22);
    let co2 = OUTDOOR;
    let heat = setPoint;
    let present = 0;
    let last = startMs;

    const peopleAt = (t: number): number => {
      const { weekday, hour } = localTime(t);
      if (weekday > 4 || hour < 8 || hour >= 15 || isSchoolHoliday(t)) return 0;
      const breakTime = (hour >= 9.5 && hour < 9.84) || (hour >= 11.5 && hour < 12.1);
      return breakTime ? seats * 0.1 : seats * 0.9;
    };

    return {
      intervalSeconds: 30 * 60,
      sample(t) {
        while (last < t) {
          const step = Math.min(5 * MINUTE, t - last);
          const people = peopleAt(last + step / 2);
          // 0.017 m³ of CO₂ an hour from a pupil at rest; ppm per m³ of room.
          const balance = OUTDOOR + ((people * 0.017) / (volume * airChange)) * 1e6;
          co2 = balance + (co2 - balance) * Math.exp((-airChange * step) / HOUR);
          const wanted = setPoint + people * 0.05;
          heat = wanted + (heat - wanted) * Math.exp(-step / (2 * HOUR));
          present = people;
          last += step;
        }
        if (situations.active('badAir', t)) co2 = Math.max(co2, 2200);
        const frost = situations.active('frost', t);
        const { hour } = localTime(t);
        const daylight = Math.max(0, Math.cos((2 * Math.PI * (hour - 13)) / 24)) * 320;
        return {
          temperature: round((frost ? 4.2 : heat) + rng.normal(0, 0.08), 1),
          relativeHumidity: round(
            clamp(30 + weather.humidity(t) * 0.1 + present * 0.25 + rng.normal(0, 0.6), 15, 90),
            1,
          ),
          co2: Math.round(clamp(co2 + rng.normal(0, 8), 380, 40000)),
          illuminance: Math.round(daylight + (present > 0 ? 380 : 2)),
          waterLeak: situations.active('leak', t) ? 'leak' : 'dry',
        };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
