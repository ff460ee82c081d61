/** One pump of a pumping station. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number } from '../attribute.ts';

export const pump: AssetType = {
  id: 'pump',
  label: { da: 'pumpe', en: 'pump' },
  quantities: ['pumpState', 'current', 'runTime', 'startCount'],
  heartbeat: 15 * 60,
  parent: ['pumping-station'],
  attributes: [
    number('nominalCurrent', 'mærkestrøm', 'nominal current', 'A'),
    number('maxStartsPerHour', 'højst antal starter i timen', 'most starts per hour', '/h', { default: 15 }),
    number('capacity', 'kapacitet', 'capacity', 'm3/h'),
  ],
  derived: [],
  sharing: 'internal',
  rules: [
    {
      id: 'failed',
      name: { da: 'Pumpe udfaldet', en: 'Pump failed' },
      condition: { kind: 'state', quantity: 'pumpState', is: ['fault'], clear: ['running'], forSeconds: 2 * 60 },
      severity: 'high',
      outcome: 'alarm',
      to: ['operations'],
      sentence: { da: '{name} i {parent} er udfaldet.', en: '{name} in {parent} has failed.' },
    },
  ],
};
