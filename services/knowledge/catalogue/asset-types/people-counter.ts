/** People counters; directions are the channels inbound and outbound. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const peopleCounter: AssetType = {
  id: 'people-counter',
  label: { da: 'persontæller', en: 'people counter' },
  quantities: ['peopleCount', 'peopleInside'],
  heartbeat: 3600,
  parent: ['building', 'room'],
  attributes: [
    number('capacity', 'tilladt antal personer', 'capacity', '{person}'),
    text('openingHours', 'åbningstider', 'opening hours'),
    text('method', 'målemetode', 'method'),
  ],
  derived: [],
  sharing: 'open',
  rules: [
    {
      // The 90 % step needs a share of an attribute; see docs/rules.md.
      id: 'crowded',
      name: { da: 'Over det tilladte antal personer', en: 'Over the permitted number of people' },
      condition: {
        kind: 'threshold',
        quantity: 'peopleInside',
        raise: { op: '>=', limit: { attribute: 'capacity' } },
        forSeconds: 5 * 60,
      },
      severity: 'high',
      outcome: 'alarm',
      to: ['operations'],
      sentence: {
        da: '{name} har {value} personer, tilladt er {limit}.',
        en: '{name} holds {value} people, {limit} are permitted.',
      },
    },
  ],
};
