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
  rules: [
    {
      id: 'warning',
      name: { da: 'Varslingsgrænse overskredet', en: 'Warning level exceeded' },
      condition: {
        kind: 'threshold',
        quantity: 'waterLevel',
        raise: { op: '>=', limit: { attribute: 'warningLevel' } },
        clear: { op: '<=', limit: { attribute: 'warningLevel', plus: -0.05 } },
        forSeconds: 10 * 60,
        clearForSeconds: 30 * 60,
      },
      severity: 'high',
      outcome: 'alarm',
      to: ['operations'],
      sentence: {
        da: 'Vandstanden i {name} er {value} m ({attribute:datum}). Varslingsgrænse {limit} m.',
        en: 'The water level at {name} is {value} m ({attribute:datum}). Warning level {limit} m.',
      },
    },
    {
      id: 'danger',
      name: { da: 'Faregrænse overskredet', en: 'Danger level exceeded' },
      condition: {
        kind: 'threshold',
        quantity: 'waterLevel',
        raise: { op: '>=', limit: { attribute: 'dangerLevel' } },
        clear: { op: '<=', limit: { attribute: 'dangerLevel', plus: -0.05 } },
        forSeconds: 5 * 60,
        clearForSeconds: 30 * 60,
      },
      severity: 'critical',
      outcome: 'alarm',
      to: ['duty', 'emergency'],
      sentence: {
        da: 'Vandstanden i {name} er {value} m ({attribute:datum}). Faregrænse {limit} m.',
        en: 'The water level at {name} is {value} m ({attribute:datum}). Danger level {limit} m.',
      },
    },
    {
      id: 'low',
      name: { da: 'Lav vandstand', en: 'Low water level' },
      condition: {
        kind: 'threshold',
        quantity: 'waterLevel',
        raise: { op: '<=', limit: { attribute: 'lowLevel' } },
        forSeconds: 24 * 3600,
      },
      severity: 'low',
      outcome: 'alarm',
      to: ['operations'],
      sentence: {
        da: 'Vandstanden i {name} er {value} m ({attribute:datum}), under {limit} m i {duration}.',
        en: 'The water level at {name} is {value} m ({attribute:datum}), below {limit} m for {duration}.',
      },
    },
  ],
};
