/** A combined sewer overflow: dry most of the year, over the crest in heavy rain, and then it reports every minute. */
import { clamp, type Kind, numberOf, round } from '../kind.ts';
import { HOUR, MINUTE } from '../world/local-time.ts';

export const overflow: Kind = {
  id: 'overflow',
  assetType: 'overflow',
  label: { da: 'overløbsbygværk', en: 'combined sewer overflow' },

  attributes(rng) {
    const crestLevel = round(rng.between(6, 30), 2);
    return {
      crestLevel,
      sensorElevation: round(crestLevel + rng.between(1.2, 2), 2),
      crestWidth: round(rng.between(1.5, 5), 1),
      pulsId: String(300000 + rng.int(90000)),
      recipient: rng.pick(['Møllebækken', 'Åen', 'Fjorden', 'Engbækken']),
      eventGap: 5,
    };
  },

  create({ rng, attributes, weather, startMs, situations }) {
    const crest = numberOf(attributes, 'crestLevel', 10);
    const sensor = numberOf(attributes, 'sensorElevation', crest + 1.5);
    const dry = crest - rng.between(0.35, 0.6);
    const capacity = rng.between(5, 9); // mm/h the pipe takes before it fills
    let fill = 0;
    let last = startMs;
    const levelAt = (t: number): number =>
      situations.active('running', t) ? Math.max(dry + fill, crest + 0.05) : dry + fill;
    return {
      intervalSeconds: 15 * 60,
      sample(t) {
        while (last < t) {
          const step = Math.min(5 * MINUTE, t - last);
          const rain = weather.rain(last - 20 * MINUTE);
          const wanted = Math.min(0.85, (rain / capacity) ** 1.3 * (crest - dry));
          fill += (wanted - fill) * (1 - Math.exp(-step / (0.3 * HOUR)));
          last += step;
        }
        return { distance: Math.round(clamp((sensor - levelAt(t)) * 1000 + rng.normal(0, 3), 50, 20000)) };
      },
      nextEvent: (t) =>
        Math.min(levelAt(t) > crest - 0.05 ? t + MINUTE : Number.POSITIVE_INFINITY, situations.nextChange(t)),
    };
  },
};
