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
  rules: [],
};
