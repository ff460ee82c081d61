/** A monitoring borehole: highest in spring, lowest in autumn, and slow to feel rain. */
import { type Kind, numberOf, round } from '../kind.ts';
import { HOUR, yearShare } from '../world/local-time.ts';
import { hashText, smoothNoise } from '../world/rng.ts';

export const groundwater: Kind = {
  id: 'groundwater',
  assetType: 'groundwater',
  label: { da: 'pejleboring', en: 'monitoring borehole' },

  attributes(rng) {
    const referencePoint = round(rng.between(8, 70), 2);
    return {
      dgu: `${50 + rng.int(60)}.${100 + rng.int(1900)}`,
      referencePoint,
      filterTop: round(rng.between(6, 30), 1),
    };
  },

  create({ rng, attributes }) {
    const reference = numberOf(attributes, 'referencePoint', 30);
    const mean = reference - rng.between(2, 6);
    const swing = rng.between(0.2, 0.6);
    const drift = smoothNoise(hashText(String(rng.next())));
    return {
      intervalSeconds: 6 * 3600,
      sample(t) {
        const season = swing * Math.cos(2 * Math.PI * (yearShare(t) - 0.24));
        return {
          waterLevel: round(mean + season + 0.12 * drift(t / (240 * HOUR)) + rng.normal(0, 0.003), 3),
          temperature: round(9.1 + 0.5 * Math.cos(2 * Math.PI * (yearShare(t) - 0.85)) + rng.normal(0, 0.02), 2),
        };
      },
    };
  },
};
