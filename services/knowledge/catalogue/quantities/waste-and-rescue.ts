/** Waste containers and rescue rings; `distance` serves every sensor that looks at a surface. */
import { gauge, sdm, state } from '../quantity.ts';

export const wasteAndRescueQuantities = [
  gauge('fillingLevel', 'fyldningsgrad', 'filling level', '%', [0, 100], {
    clampFrom: [-10, 110],
    decimals: 0,
    ...sdm('WasteContainer.fillingLevel', 0.01),
  }),
  // The unit of the Smart Data Models attribute is open; metres are assumed on export.
  gauge('distance', 'afstand til overflade', 'distance to surface', 'mm', [0, 20_000], {
    decimals: 0,
    ...sdm('FloodMonitoring.measuredDistance', 0.001),
  }),
  state(
    'holderState',
    'krans i holder',
    'ring in holder',
    [
      ['present', 'på plads', 'present'],
      ['removed', 'taget', 'removed'],
    ],
    { booleans: ['removed', 'present'] },
  ),
];
