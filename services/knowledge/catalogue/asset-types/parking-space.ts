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
  rules: [],
};
