/** Lifebuoys: each message says whether the ring hangs in its holder. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';
import { silent } from '../common-rules.ts';

export const rescueRing: AssetType = {
  id: 'rescue-ring',
  label: { da: 'redningskrans', en: 'lifebuoy' },
  quantities: ['holderState', 'batteryVoltage'],
  heartbeat: 12 * 3600,
  safety: true,
  attributes: [
    text('redningsnummer', 'redningsnummer', 'rescue number'),
    text('place', 'sted', 'place'),
    number('inspectionDays', 'dage mellem eftersyn', 'days between inspections', 'd', { default: 30 }),
    text('contact', 'kontakt', 'contact', { private: true }),
    text('season', 'sæson', 'season'),
    number('debounce', 'ventetid mod rystelser', 'debounce', 's', { default: 0 }),
  ],
  derived: [],
  sharing: 'open',
  rules: [
    {
      id: 'taken',
      name: { da: 'Redningskrans taget', en: 'Lifebuoy taken' },
      condition: { kind: 'state', quantity: 'holderState', is: ['removed'] },
      severity: 'critical',
      outcome: 'alarm',
      to: ['duty'],
      sentence: {
        da: 'Redningskrans {name} ({attribute:redningsnummer}) er taget {time}. Er en person i vandet: ring 112.',
        en: 'Lifebuoy {name} ({attribute:redningsnummer}) was taken at {time}. If a person is in the water: call 112.',
      },
    },
    {
      id: 'missing',
      name: { da: 'Redningskrans mangler', en: 'Lifebuoy missing' },
      condition: { kind: 'state', quantity: 'holderState', is: ['removed'], forSeconds: 2 * 3600 },
      severity: 'high',
      outcome: 'alarm',
      to: ['operations', 'worklist'],
      sentence: {
        da: '{name} mangler fortsat sin redningskrans. Hæng en ny op.',
        en: '{name} is still without its lifebuoy. Hang up a new one.',
      },
    },
    {
      id: 'silent-safety',
      replaces: 'silent',
      ...silent,
      condition: { kind: 'absence' },
      severity: 'high',
      outcome: 'alarm',
      to: ['sensor'],
    },
  ],
};
