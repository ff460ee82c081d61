/** One pump of a pumping station, with the state, current and counters of its own starter. */
import { type Kind, numberOf, round } from '../kind.ts';
import { createPlant, pumpCapacity } from './pumping-plant.ts';

export const pump: Kind = {
  id: 'pump',
  assetType: 'pump',
  label: { da: 'pumpe', en: 'pump' },

  attributes(rng, parent) {
    const capacity = pumpCapacity(parent ?? {});
    return {
      nominalCurrent: round(2 + capacity * 0.12 + rng.between(0, 1), 1),
      maxStartsPerHour: 15,
      capacity,
    };
  },

  create({ rng, attributes, weather, startMs, situations, index, parent }) {
    const plant = createPlant({
      attributes: parent?.attributes ?? {},
      rng: (parent?.rng ?? rng).split('plant'),
      weather,
      startMs,
      pumps: Math.max(parent?.pumps ?? 2, index + 1),
      situations,
    });
    const nominal = numberOf(attributes, 'nominalCurrent', 6);
    return {
      intervalSeconds: 15 * 60,
      sample(t) {
        plant.advance(t);
        const state = plant.pumps[index]!; // the plant has at least index + 1 pumps
        return {
          pumpState: t < state.faultUntil ? 'fault' : state.running ? 'running' : 'stopped',
          current: state.running ? round(nominal * rng.between(0.88, 0.98), 2) : 0,
          runTime: round(state.hours, 2),
          startCount: state.starts,
        };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};
