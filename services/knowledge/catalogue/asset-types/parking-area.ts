/** A parking area, by its free spaces. */
import type { AssetType } from '../../../model/catalogue.ts';
import { choice, number } from '../attribute.ts';

export const parkingArea: AssetType = {
  id: 'parking-area',
  label: { da: 'parkeringsområde', en: 'parking area' },
  quantities: ['availableSpots', 'occupancy'],
  heartbeat: 24 * 3600,
  attributes: [
    number('capacity', 'antal pladser', 'capacity', '{space}'),
    choice('restriction', 'begrænsning', 'restriction', ['handicap', 'el', 'tid', 'beboer']),
    number('maxStay', 'længste parkering', 'longest stay', 'min'),
  ],
  derived: [
    {
      quantity: 'occupancy',
      from: 'availableSpots',
      attributes: ['capacity'],
      source: 'occupancy = 100·(capacity − availableSpots)/capacity',
      formula: (available, { capacity }) => (capacity! > 0 ? (100 * (capacity! - available)) / capacity! : undefined),
    },
  ],
  sharing: 'open',
  rules: [
    {
      id: 'full',
      name: { da: 'Fuldt', en: 'Full' },
      condition: {
        kind: 'threshold',
        quantity: 'occupancy',
        raise: { op: '>=', limit: 95 },
        clear: { op: '<', limit: 90 },
        forSeconds: 15 * 60,
      },
      severity: 'info',
      outcome: 'worklist',
      to: ['worklist'],
      sentence: { da: '{name} er fuldt: belægning {value} %.', en: '{name} is full: occupancy {value} %.' },
    },
  ],
};
