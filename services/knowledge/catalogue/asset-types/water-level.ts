/** Water level of streams, lakes, fjords and basins. */
import type { AssetType } from '../../../model/catalogue.ts';
import { choice, number } from '../attribute.ts';
import { fromWaterLevel, waterLevelFromSensor } from '../water-formulas.ts';

export const waterLevel: AssetType = {
  id: 'water-level',
  label: { da: 'vandstandsmåler', en: 'water level' },
  quantities: ['waterLevel', 'distance', 'waterDepth', 'temperature'],
  heartbeat: 3600,
  attributes: [
    number('sensorElevation', 'sensorkote', 'sensor elevation', 'm'),
    number('bottomElevation', 'bundkote', 'bottom elevation', 'm'),
    choice('datum', 'højdesystem', 'datum', ['DVR90', 'lokal'], { default: 'DVR90' }),
    number('lowLevel', 'lav vandstand', 'low level', 'm'),
    number('warningLevel', 'varslingsgrænse', 'warning level', 'm'),
    number('dangerLevel', 'faregrænse', 'danger level', 'm'),
    number('riseLimit', 'grænse for stigning', 'rise limit', 'cm/h', { default: 30 }),
  ],
  derived: [
    ...waterLevelFromSensor,
    ...fromWaterLevel(
      'freeboard',
      ['dangerLevel'],
      'freeboard = dangerLevel − waterLevel',
      (level, { dangerLevel }) => dangerLevel! - level,
    ),
  ],
  sharing: 'open',
  rules: [],
};
