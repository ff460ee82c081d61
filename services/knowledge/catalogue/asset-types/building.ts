/** A building: the parent of its rooms and meters. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const building: AssetType = {
  id: 'building',
  label: { da: 'bygning', en: 'building' },
  quantities: ['energy', 'heatEnergy', 'waterVolume'],
  heartbeat: 24 * 3600,
  attributes: [
    text('bbr', 'BBR-id', 'BBR id'),
    text('use', 'anvendelse', 'use'),
    text('calendar', 'brugstid', 'calendar'),
    number('area', 'areal', 'floor area', 'm2'),
  ],
  derived: [],
  sharing: 'internal',
  rules: [],
};
