/** A rescue ring in its holder: taken now and then, mostly in jest, and hung up again. */
import type { Kind } from '../kind.ts';
import { lithiumVoltage } from '../world/battery.ts';
import { DAY, MINUTE } from '../world/local-time.ts';

const LETTERS = [...'ABCDEFGHJKLMNPRSTUV'];

export const rescueRing: Kind = {
  id: 'rescue-ring',
  assetType: 'rescue-ring',
  label: { da: 'redningskrans', en: 'rescue ring' },

  attributes(rng) {
    return {
      redningsnummer: `${rng.pick(LETTERS)}${String(100 + rng.int(900))}`,
      place: rng.pick([
        'ved badebroen',
        'for enden af molen',
        'ved bådrampen',
        'på nordre bred',
        'ved trappen til vandet',
      ]),
      inspectionDays: 30,
      contact: 'Havnekontoret',
      season: rng.pick(['hele året', 'maj-september']),
      debounce: 0,
    };
  },

  create({ rng, weather, startMs, situations }) {
    const voltage = lithiumVoltage(rng.split('battery'));
    let takenAt = startMs + rng.exponential(40 * DAY);
    // Half are back within the hour; some lie in the reeds for a day.
    const absence = (): number => 5 * MINUTE + rng.exponential(3 * 60 * MINUTE);
    let backAt = takenAt + absence();

    return {
      intervalSeconds: 4 * 3600,
      // The state goes with every message, not only with a change: the newest known state must never hang on one message.
      sample(t) {
        while (t >= backAt) {
          takenAt = backAt + rng.exponential(40 * DAY);
          backAt = takenAt + absence();
        }
        return {
          holderState: t >= takenAt || situations.active('taken', t) ? 'removed' : 'present',
          batteryVoltage: voltage(t, weather.temperature(t)),
        };
      },
      nextEvent: (t) => Math.min(t < takenAt ? takenAt : Math.max(backAt, t + 1), situations.nextChange(t)),
    };
  },
};
