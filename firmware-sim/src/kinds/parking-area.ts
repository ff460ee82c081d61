/** A car park that counts at its gate. */
import { clamp, type Kind, numberOf } from '../kind.ts';
import { HOUR } from '../world/local-time.ts';
import { hashText, smoothNoise } from '../world/rng.ts';
import { OCCUPANCY } from './parking-space.ts';

export const parkingArea: Kind = {
  id: 'parking-area',
  assetType: 'parking-area',
  label: { da: 'parkeringsområde', en: 'car park' },

  attributes(rng) {
    return { capacity: 10 * (4 + rng.int(20)) };
  },

  create({ rng, attributes, situations }) {
    const capacity = numberOf(attributes, 'capacity', 80);
    const mood = smoothNoise(hashText(String(rng.next())));
    return {
      intervalSeconds: 15 * 60,
      sample(t) {
        const share = (OCCUPANCY(t) + 9 * mood(t / (3 * HOUR))) / 100;
        const taken = situations.active('full', t) ? capacity - 1 : Math.round(capacity * share);
        return { availableSpots: clamp(capacity - taken, 0, capacity) };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
