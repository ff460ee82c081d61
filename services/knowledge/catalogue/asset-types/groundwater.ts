/** Monitoring boreholes (a boring, never a brønd). */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const groundwater: AssetType = {
  id: 'groundwater',
  label: { da: 'pejleboring', en: 'monitoring borehole' },
  quantities: ['waterLevel', 'depthToWater', 'temperature'],
  heartbeat: 24 * 3600,
  attributes: [
    text('dgu', 'DGU-nummer', 'DGU number'),
    number('referencePoint', 'pejlepunkt (kote)', 'reference point (elevation)', 'm'),
    number('filterTop', 'filtertop (under terræn)', 'top of screen (below terrain)', 'm'),
  ],
  derived: [
    {
      quantity: 'depthToWater',
      from: 'waterLevel',
      attributes: ['referencePoint'],
      source: 'depthToWater = referencePoint − waterLevel',
      formula: (level, { referencePoint }) => referencePoint! - level,
    },
  ],
  sharing: 'open',
  rules: [],
};
