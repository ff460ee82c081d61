/** A room of a building, the parent of what measures in it. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const room: AssetType = {
  id: 'room',
  label: { da: 'rum', en: 'room' },
  quantities: ['temperature', 'relativeHumidity', 'co2'],
  heartbeat: 3600,
  parent: ['building'],
  attributes: [
    text('use', 'anvendelse', 'use'),
    text('calendar', 'brugstid', 'calendar'),
    number('seats', 'pladser', 'seats', ''),
    number('area', 'areal', 'floor area', 'm2'),
  ],
  derived: [],
  sharing: 'internal',
  rules: [],
};
