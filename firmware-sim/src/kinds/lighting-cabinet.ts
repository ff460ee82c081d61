/** A lighting cabinet: the meter and the contactor behind a few dozen lamps. */
import { getPosition } from 'suncalc';
import { type Kind, numberOf, round } from '../kind.ts';
import { DAY, HOUR, localTime, MINUTE } from '../world/local-time.ts';
import { SWITCHING_ALTITUDE } from './street-light.ts';

export const lightingCabinet: Kind = {
  id: 'lighting-cabinet',
  assetType: 'lighting-cabinet',
  label: { da: 'tændskab', en: 'lighting cabinet' },

  attributes(rng) {
    const lampCount = 20 + rng.int(80);
    return {
      cabinetNumber: `TS${String(1 + rng.int(999)).padStart(3, '0')}`,
      meterNumber: `57${String(rng.int(1e8)).padStart(8, '0')}`,
      lampCount,
      expectedPower: round(lampCount * 0.036, 2),
    };
  },

  create({ rng, attributes, position, startMs, situations }) {
    const expected = numberOf(attributes, 'expectedPower', 2);
    const threshold = SWITCHING_ALTITUDE + rng.between(-0.5, 0.5);
    let energy = round(rng.between(5000, 90000), 1);
    let last = startMs;
    let doorFrom = startMs + rng.exponential(40 * DAY);
    let doorTo = doorFrom + rng.between(5, 60) * MINUTE;

    const isDark = (t: number): boolean =>
      getPosition(new Date(t), position.lat, position.lon).altitude < threshold && !situations.active('dark', t);
    const powerAt = (t: number): number => {
      if (!isDark(t)) return 0.012;
      const { hour } = localTime(t);
      return expected * (hour >= 23 || hour < 5 ? 0.52 : 1);
    };

    return {
      intervalSeconds: 30 * 60,
      sample(t) {
        // The meter does not wait for us: long intervals are counted in quarters of an hour.
        while (last < t) {
          const step = Math.min(15 * MINUTE, t - last);
          energy += (powerAt(last + step / 2) * step) / HOUR;
          last += step;
        }
        if (t >= doorTo) {
          doorFrom = t + rng.exponential(40 * DAY);
          doorTo = doorFrom + rng.between(5, 60) * MINUTE;
        }
        const power = powerAt(t);
        return {
          powerState: isDark(t) ? 'on' : 'off',
          activePower: round(power * rng.between(0.985, 1.01), 3),
          energy: round(energy, 2),
          doorState: t >= doorFrom || situations.active('doorOpen', t) ? 'open' : 'closed',
        };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
