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
  rules: [
    {
      // Two nights: one bad report is not yet a ladder.
      id: 'lamp',
      name: { da: 'Lampe lyser ikke', en: 'Lamp is out' },
      condition: {
        kind: 'state',
        quantity: 'lampStatus',
        is: ['defectiveLamp', 'brokenLantern', 'columnIssue'],
        forSeconds: 2 * 86_400,
      },
      severity: 'info',
      outcome: 'worklist',
      to: ['worklist'],
      sentence: {
        da: 'Lampe {name} ({attribute:lampNumber}) lyser ikke: {state}.',
        en: 'Lamp {name} ({attribute:lampNumber}) is out: {state}.',
      },
    },
  ],
};
