/** A pumping station: level, flow, energy, mains and door. Its pumps are assets of their own. */
import { type Kind, numberOf, round } from '../kind.ts';
import { createPlant } from './pumping-plant.ts';

export const pumpingStation: Kind = {
  id: 'pumping-station',
  assetType: 'pumping-station',
  label: { da: 'pumpestation', en: 'pumping station' },

  attributes(rng) {
    const stopLevel = round(rng.between(0.4, 0.6), 2);
    const startLevel = round(stopLevel + rng.between(0.6, 0.8), 2);
    return {
      category: rng.pick(['A', 'B', 'B', 'C', 'C', 'C', 'D']),
      startLevel,
      stopLevel,
      highLevel: round(startLevel + rng.between(0.75, 1), 2),
      overflowLevel: round(startLevel + rng.between(1.5, 1.9), 2),
      sumpArea: round(rng.between(3, 12), 1),
    };
  },

  create({ rng, attributes, weather, startMs, situations, parent }) {
    const plant = createPlant({
      attributes,
      rng: (parent?.rng ?? rng).split('plant'),
      weather,
      startMs,
      pumps: parent?.pumps ?? 2,
      situations,
    });
    const highLevel = numberOf(attributes, 'highLevel', 1.8);
    return {
      intervalSeconds: 15 * 60,
      sample(t) {
        plant.advance(t);
        // What is announced shows at once: the grid's own minute may be still to come.
        const depth = situations.active('highLevel', t) ? Math.max(plant.depth, highLevel + 0.12) : plant.depth;
        return {
          waterDepth: round(depth + rng.normal(0, 0.004), 3),
          flow: round(plant.flow, 1),
          energy: round(plant.energy, 2),
          mainsPower: plant.mains && !situations.active('powerLoss', t) ? 'on' : 'off',
          doorState: plant.doorOpen ? 'open' : 'closed',
        };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
