/** Litter bins and waste containers: how full they are, and whether they burn or lie down. */
import type { AssetType } from '../../../model/catalogue.ts';
import { choice, list, number, text, WEEKDAYS } from '../attribute.ts';

export const wasteContainer: AssetType = {
  id: 'waste-container',
  label: { da: 'affaldsbeholder', en: 'waste container' },
  quantities: ['fillingLevel', 'distance', 'temperature', 'tilted'],
  heartbeat: 6 * 3600,
  attributes: [
    number('emptyDistance', 'afstand som tom', 'distance when empty', 'mm'),
    number('fullDistance', 'afstand som fuld', 'distance when full', 'mm'),
    number('volume', 'volumen', 'volume', 'L'),
    choice('kind', 'art', 'kind', ['litter-bin', 'household', 'cube', 'underground', 'container']),
    choice('fraction', 'fraktion', 'fraction', [
      'rest',
      'mad',
      'papir',
      'pap',
      'glas',
      'metal',
      'plast',
      'mad- og drikkekartoner',
      'tekstil',
      'farligt',
    ]),
    text('route', 'rute', 'route'),
    list('emptyingDays', 'tømmedage', 'emptying days', WEEKDAYS),
    text('access', 'adgang (nøgle, kode)', 'access (key, code)', { private: true }),
  ],
  derived: [
    {
      quantity: 'fillingLevel',
      from: 'distance',
      attributes: ['emptyDistance', 'fullDistance'],
      source: 'fillingLevel = 100·(emptyDistance − distance)/(emptyDistance − fullDistance)',
      formula: (distance, { emptyDistance, fullDistance }) =>
        emptyDistance === fullDistance
          ? undefined
          : (100 * (emptyDistance! - distance)) / (emptyDistance! - fullDistance!),
    },
  ],
  sharing: 'open',
  // What a household throws away, and when, is personal data.
  sharingWhere: [{ attribute: 'kind', values: ['household'], sharing: 'internal' }],
  rules: [],
};
