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
  rules: [
    {
      id: 'frost',
      name: { da: 'Frostfare', en: 'Frost risk' },
      condition: {
        kind: 'threshold',
        quantity: 'temperature',
        raise: { op: '<', limit: 5 },
        clear: { op: '>=', limit: 7 },
        forSeconds: 3600,
      },
      severity: 'critical',
      outcome: 'alarm',
      to: ['duty'],
      sentence: { da: 'Frostfare i {name}: {value} °C.', en: 'Risk of frost in {name}: {value} °C.' },
    },
    {
      id: 'leak',
      name: { da: 'Vand på gulvet', en: 'Water on the floor' },
      condition: { kind: 'state', quantity: 'waterLeak', is: ['leak'] },
      severity: 'critical',
      outcome: 'alarm',
      to: ['duty'],
      sentence: { da: 'Vand på gulvet i {name}.', en: 'Water on the floor in {name}.' },
    },
    {
      id: 'damp',
      name: { da: 'Fugt', en: 'Damp' },
      condition: {
        kind: 'threshold',
        quantity: 'relativeHumidity',
        raise: { op: '>=', limit: 70 },
        forSeconds: 48 * 3600,
      },
      severity: 'low',
      outcome: 'alarm',
      to: ['operations'],
      sentence: {
        da: 'Luftfugtigheden i {name} har været mindst {limit} % i {duration} (nu {value} %).',
        en: 'The humidity in {name} has been at least {limit} % for {duration} (now {value} %).',
      },
    },
  ],
};
