/** Lighting cabinets: the thing that talks in most municipalities. Circuits and phases are channels. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const lightingCabinet: AssetType = {
  id: 'lighting-cabinet',
  label: { da: 'tændskab', en: 'lighting cabinet' },
  quantities: ['powerState', 'activePower', 'energy', 'doorState'],
  heartbeat: 3600,
  attributes: [
    text('cabinetNumber', 'skabsnummer', 'cabinet number'),
    text('meterNumber', 'målernummer', 'meter number'),
    number('lampCount', 'antal lamper', 'lamps', ''),
    number('expectedPower', 'forventet effekt', 'expected power', 'kW'),
  ],
  derived: [],
  sharing: 'partners',
  rules: [
    {
      id: 'door-open',
      name: { da: 'Dør åben', en: 'Door open' },
      condition: { kind: 'state', quantity: 'doorState', is: ['open'], forSeconds: 10 * 60 },
      severity: 'high',
      outcome: 'alarm',
      to: ['contractor'],
      sentence: {
        da: 'Døren til {name} har stået åben siden {time}. Pas på strømførende dele.',
        en: 'The door of {name} has been open since {time}. Beware of live parts.',
      },
    },
  ],
};
