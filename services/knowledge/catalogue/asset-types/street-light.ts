/** Street lights that report one by one. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const streetLight: AssetType = {
  id: 'street-light',
  label: { da: 'lyspunkt', en: 'street light' },
  quantities: ['powerState', 'dimLevel', 'lampStatus', 'activePower', 'tiltAngle'],
  heartbeat: 24 * 3600,
  parent: ['lighting-cabinet'],
  attributes: [
    text('lampNumber', 'lampenummer', 'lamp number'),
    text('cabinet', 'tændskab', 'cabinet'),
    text('circuit', 'kreds', 'circuit'),
    number('wattage', 'effekt', 'wattage', 'W'),
    number('height', 'mastehøjde', 'height', 'm'),
  ],
  derived: [],
  sharing: 'open',
  rules: [],
};
