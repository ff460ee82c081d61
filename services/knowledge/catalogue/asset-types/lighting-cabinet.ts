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
  rules: [],
};
