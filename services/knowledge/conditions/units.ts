/** UCUM units as people write them in a sentence. */
import type { Text } from '../../model/rule.ts';

const same = (text: string): Text => ({ da: text, en: text });

const LABELS: Readonly<Record<string, Text>> = {
  Cel: same('°C'),
  deg: same('°'),
  'ug/m3': same('µg/m³'),
  m2: same('m²'),
  m3: same('m³'),
  'm3/h': same('m³/h'),
  '[ppm]': same('ppm'),
  '[ppb]': same('ppb'),
  'kW.h': same('kWh'),
  'MW.h': same('MWh'),
  'dB{mW}': same('dBm'),
  'dB[SPL]': same('dB'),
  '{vehicle}': { da: 'køretøjer', en: 'vehicles' },
  '{person}': { da: 'personer', en: 'people' },
  '{space}': { da: 'pladser', en: 'spaces' },
  '{start}': { da: 'starter', en: 'starts' },
  '{uplink}': { da: 'beskeder', en: 'messages' },
};

export function unitLabel(ucum: string): Text {
  return LABELS[ucum] ?? same(ucum);
}

/** Factor from one unit to another, where a sentence wants the smaller one: `{over:cm}` of metres. */
export function unitFactor(from: string, to: string): number | undefined {
  if (from === to) return 1;
  if (from === 'm' && to === 'cm') return 100;
  if (from === 'mm' && to === 'cm') return 0.1;
  return undefined;
}
