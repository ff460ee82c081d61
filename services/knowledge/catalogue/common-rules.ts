/** Rules that every asset has, whatever its type: the sensor itself. An asset type may put its own in their place. */
import type { DefaultRule } from '../../model/catalogue.ts';

/** C1. Texts of their own, because the asset types where safety depends on it say the same, only louder. */
export const silent = {
  name: { da: 'Ingen data', en: 'No data' },
  sentence: {
    da: 'Ingen data fra {name} siden {time}. Vi ved ikke, om alt er i orden.',
    en: 'No data from {name} since {time}. We do not know whether all is well.',
  },
};

/** C5. */
export const implausible = {
  name: { da: 'Usandsynlige værdier', en: 'Implausible values' },
  sentence: {
    da: 'Sensoren på {name} sender usandsynlige værdier ({quantity}: {value}).',
    en: 'The sensor at {name} sends implausible values ({quantity}: {value}).',
  },
};

const DAY = 86_400;

export const commonRules: readonly DefaultRule[] = [
  {
    id: 'silent',
    ...silent,
    condition: { kind: 'absence' },
    severity: 'low',
    outcome: 'alarm',
    to: ['sensor'],
  },
  {
    id: 'battery-low',
    name: { da: 'Lavt batteri', en: 'Low battery' },
    condition: {
      kind: 'threshold',
      quantity: 'batteryLevel',
      raise: { op: '<=', limit: 20 },
      clear: { op: '>=', limit: 30 },
      forSeconds: DAY,
    },
    severity: 'low',
    outcome: 'alarm',
    to: ['sensor'],
    sentence: {
      da: 'Batteriet i sensoren på {name} er på {value} %. Planlæg et skift.',
      en: 'The battery of the sensor at {name} is at {value} %. Plan a replacement.',
    },
  },
  {
    id: 'battery-critical',
    name: { da: 'Batteri næsten tomt', en: 'Battery almost empty' },
    condition: {
      kind: 'threshold',
      quantity: 'batteryLevel',
      raise: { op: '<=', limit: 10 },
      clear: { op: '>=', limit: 30 },
      forSeconds: DAY,
    },
    severity: 'high',
    outcome: 'alarm',
    to: ['sensor'],
    sentence: {
      da: 'Batteriet i sensoren på {name} er på {value} %. Skift det nu.',
      en: 'The battery of the sensor at {name} is at {value} %. Replace it now.',
    },
  },
  {
    id: 'battery-voltage',
    name: { da: 'Lav batterispænding', en: 'Low battery voltage' },
    // Lithium cells fall late and fast, so the limit is the model's; a tenth of a volt above it is a new battery.
    condition: {
      kind: 'threshold',
      quantity: 'batteryVoltage',
      raise: { op: '<=', limit: { attribute: 'deviceModel.batteryVoltageLimit' } },
      clear: { op: '>=', limit: { attribute: 'deviceModel.batteryVoltageLimit', plus: 0.1 } },
      forSeconds: DAY,
    },
    severity: 'low',
    outcome: 'alarm',
    to: ['sensor'],
    sentence: {
      da: 'Batteriet i sensoren på {name} er på {value} V, grænsen er {limit} V. Planlæg et skift.',
      en: 'The battery of the sensor at {name} is at {value} V, the limit is {limit} V. Plan a replacement.',
    },
  },
  {
    id: 'implausible',
    ...implausible,
    condition: { kind: 'implausible' },
    severity: 'low',
    outcome: 'alarm',
    to: ['sensor'],
  },
];
