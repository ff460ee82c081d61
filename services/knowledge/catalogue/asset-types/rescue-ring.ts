/** Lifebuoys: each message says whether the ring hangs in its holder. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

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
  rules: [],
};
