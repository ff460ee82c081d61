/** The climate of a room: air, warmth, noise and leaks. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const indoorClimate: AssetType = {
  id: 'indoor-climate',
  label: { da: 'indeklimamåler', en: 'indoor climate' },
  quantities: ['temperature', 'relativeHumidity', 'co2', 'tvoc', 'illuminance', 'laeq', 'waterLeak'],
  heartbeat: 3600,
  parent: ['room', 'building'],
  attributes: [
    text('room', 'rum', 'room'),
    text('building', 'bygning', 'building'),
    text('use', 'anvendelse', 'use'),
    text('calendar', 'brugstid', 'calendar'),
    number('seats', 'pladser', 'seats', ''),
  ],
  derived: [],
  sharing: 'internal',
  rules: [],
};
