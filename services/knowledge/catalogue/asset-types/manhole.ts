/** Sewer manholes: how far below the cover the water stands. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';
import { fromWaterLevel, waterLevelFromSensor } from '../water-formulas.ts';

export const manhole: AssetType = {
  id: 'manhole',
  label: { da: 'brønd', en: 'sewer manhole' },
  quantities: ['depthToWater', 'waterLevel', 'distance', 'waterDepth', 'temperature'],
  heartbeat: 3600,
  attributes: [
    number('terrainElevation', 'terrænkote', 'terrain elevation', 'm'),
    number('sensorElevation', 'sensorkote', 'sensor elevation', 'm'),
    number('bottomElevation', 'bundkote', 'bottom elevation', 'm'),
    text('node', 'knude (DANDAS)', 'node (DANDAS)'),
  ],
  derived: [
    ...waterLevelFromSensor,
    ...fromWaterLevel(
      'depthToWater',
      ['terrainElevation'],
      'depthToWater = terrainElevation − waterLevel',
      (level, { terrainElevation }) => terrainElevation! - level,
    ),
  ],
  sharing: 'internal',
  rules: [
    {
      id: 'surcharge',
      name: { da: 'Opstuvning', en: 'Surcharge' },
      condition: {
        kind: 'threshold',
        quantity: 'depthToWater',
        raise: { op: '<=', limit: 0.2 },
        clear: { op: '>=', limit: 0.5 },
        forSeconds: 5 * 60,
      },
      severity: 'critical',
      outcome: 'alarm',
      to: ['duty'],
      sentence: {
        da: 'Vandet står {value:cm} cm under dækslet i {name}.',
        en: 'The water stands {value:cm} cm below the cover of {name}.',
      },
    },
  ],
};
