/** A people counter over the door of a library or a hall: who comes in goes out again before it closes. */
import { type Kind, numberOf } from '../kind.ts';
import { HOUR, localTime } from '../world/local-time.ts';
import { weekProfile } from '../world/week-profile.ts';

const ARRIVALS = weekProfile(
  [0, 0, 0, 0, 0, 0, 0, 0, 20, 50, 70, 80, 70, 80, 100, 100, 90, 60, 30, 10, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 100, 120, 110, 80, 40, 10, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 50, 80, 90, 80, 40, 10, 0, 0, 0, 0, 0, 0, 0, 0],
);
const STAY = 0.7 * HOUR;

export const peopleCounter: Kind = {
  id: 'people-counter',
  assetType: 'people-counter',
  label: { da: 'persontæller', en: 'people counter' },

  attributes(rng) {
    return {
      capacity: rng.pick([80, 120, 200, 300]),
      openingHours: 'ma-fr 8-20; lø-sø 9-16',
      method: 'termisk billede, uden genkendelse',
    };
  },

  create({ rng, attributes, startMs }) {
    const perHour = numberOf(attributes, 'capacity', 120) * rng.between(0.3, 0.6);
    let inside = 0;
    let last = startMs;
    return {
      intervalSeconds: 30 * 60,
      sample(t) {
        const middle = (t + last) / 2;
        const inbound = rng.poisson((((perHour * ARRIVALS(middle)) / 100) * (t - last)) / HOUR);
        const leaving = 1 - Math.exp(-(t - last) / STAY);
        const { hour } = localTime(t);
        let outbound = 0;
        if (hour >= 21 || hour < 7) outbound = inside + inbound;
        else for (let i = inside + inbound; i > 0; i--) if (rng.chance(leaving)) outbound++;
        inside += inbound - outbound;
        last = t;
        return { 'peopleCount.in': inbound, 'peopleCount.out': outbound, peopleInside: inside };
      },
    };
  },
};
