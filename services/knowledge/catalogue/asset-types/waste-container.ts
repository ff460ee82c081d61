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
  rules: [
    {
      // The forecast of domain.md is of a later version: this is what is full now.
      id: 'full',
      name: { da: 'Skal tømmes', en: 'To be emptied' },
      condition: {
        kind: 'threshold',
        quantity: 'fillingLevel',
        raise: { op: '>=', limit: 80 },
        clear: { op: '<', limit: 20 },
        count: 2,
      },
      severity: 'info',
      outcome: 'worklist',
      to: ['worklist'],
      sentence: { da: '{name} er {value} % fyldt.', en: '{name} is {value} % full.' },
    },
    {
      id: 'overfull',
      name: { da: 'Overfyldt', en: 'Overfull' },
      condition: {
        kind: 'threshold',
        quantity: 'fillingLevel',
        raise: { op: '>=', limit: 95 },
        clear: { op: '<', limit: 40 },
        forSeconds: 4 * 3600,
      },
      severity: 'high',
      outcome: 'alarm',
      to: ['contractor'],
      sentence: {
        da: '{name} har været fyldt i {duration} og er ikke tømt.',
        en: '{name} has been full for {duration} and has not been emptied.',
      },
    },
    {
      // Sun on steel reaches 60 °C.
      id: 'fire',
      name: { da: 'Mulig brand', en: 'Possible fire' },
      condition: {
        kind: 'threshold',
        quantity: 'temperature',
        raise: { op: '>=', limit: 70 },
        clear: { op: '<', limit: 45 },
        clearForSeconds: 30 * 60,
      },
      severity: 'critical',
      outcome: 'alarm',
      to: ['duty'],
      sentence: {
        da: 'Mulig brand i {name}: {value} °C. Ring 112, hvis det brænder.',
        en: 'Possible fire in {name}: {value} °C. Call 112 if it burns.',
      },
    },
    {
      id: 'overturned',
      name: { da: 'Væltet', en: 'Overturned' },
      condition: { kind: 'state', quantity: 'tilted', is: ['yes'], forSeconds: 30 * 60 },
      severity: 'high',
      outcome: 'alarm',
      to: ['operations'],
      sentence: { da: '{name} er væltet.', en: '{name} has been overturned.' },
    },
  ],
};
