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
  rules: [],
};
