/** A lamp post with a luminaire of its own controller: on by the real sun, dimmed at night, broken now and then. */
import { getPosition } from 'suncalc';
import { type Kind, numberOf, round } from '../kind.ts';
import { DAY, localTime } from '../world/local-time.ts';

/** Twilight at which a light sensor switches, degrees of the sun over the horizon. */
export const SWITCHING_ALTITUDE = -2.5;

export const streetLight: Kind = {
  id: 'street-light',
  assetType: 'street-light',
  label: { da: 'lyspunkt', en: 'street light' },

  attributes(rng) {
    return {
      lampNumber: `${1 + rng.int(89)}-${String(1 + rng.int(999)).padStart(3, '0')}`,
      circuit: `L${1 + rng.int(4)}`,
      wattage: rng.pick([18, 23, 28, 36, 48, 70]),
      height: rng.pick([4, 5, 6, 8, 10]),
    };
  },

  create({ rng, attributes, position, startMs, situations }) {
    const wattage = numberOf(attributes, 'wattage', 30);
    const threshold = SWITCHING_ALTITUDE + rng.between(-0.8, 0.8);
    const dimFrom = rng.between(22, 23.5);
    const rest = round(rng.between(0.2, 1.8), 1);
    let defectFrom = startMs + rng.exponential(300 * DAY);
    let defectTo = defectFrom + rng.between(3, 20) * DAY;
    return {
      intervalSeconds: 2 * 3600,
      sample(t) {
        if (t >= defectTo) {
          defectFrom = t + rng.exponential(300 * DAY);
          defectTo = defectFrom + rng.between(3, 20) * DAY;
        }
        const defective = t >= defectFrom || situations.active('defective', t);
        const dark = getPosition(new Date(t), position.lat, position.lon).altitude < threshold;
        const { hour } = localTime(t);
        const dim = dark ? (hour >= dimFrom || hour < 5 ? 40 : 100) : 0;
        const kilowatts = defective || !dark ? 0.0004 : (wattage * (0.1 + (0.9 * dim) / 100)) / 1000;
        return {
          powerState: dark ? (dim < 100 ? 'low' : 'on') : 'off',
          dimLevel: dim,
          lampStatus: defective ? 'defectiveLamp' : 'ok',
          activePower: round(kilowatts * rng.between(0.98, 1.02), 4),
          tiltAngle: round(Math.max(0, rest + rng.normal(0, 0.05)), 1),
        };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
