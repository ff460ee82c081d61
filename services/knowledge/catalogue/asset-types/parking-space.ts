/** One parking space. */
import type { AssetType } from '../../../model/catalogue.ts';
import { choice, number } from '../attribute.ts';

export const parkingSpace: AssetType = {
  id: 'parking-space',
  label: { da: 'parkeringsplads', en: 'parking space' },
  quantities: ['spotState'],
  heartbeat: 24 * 3600,
  parent: ['parking-area'],
  attributes: [
    choice('restriction', 'begrænsning', 'restriction', ['handicap', 'el', 'tid', 'beboer']),
    number('maxStay', 'længste parkering', 'longest stay', 'min'),
  ],
  derived: [],
  sharing: 'open',
  // Whether one resident is at home is personal data.
  sharingWhere: [{ attribute: 'restriction', values: ['beboer'], sharing: 'internal' }],
  rules: [
    {
      // Where no maxStay is agreed; no fee may rest on this alone.
      id: 'overstay',
      name: { da: 'Holder for længe', en: 'Overstay' },
      condition: { kind: 'state', quantity: 'spotState', is: ['occupied'], clear: ['free'], forSeconds: 24 * 3600 },
      severity: 'info',
      outcome: 'worklist',
      to: ['worklist'],
      sentence: { da: '{name} har været optaget i {duration}.', en: '{name} has been occupied for {duration}.' },
    },
  ],
};
