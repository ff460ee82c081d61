/** Units a message may name (SenML, RFC 8428 section 12.1 and RFC 8798), and how their values become ours. */

export interface Conversion {
  factor: number;
  offset: number;
}

const SAME: Conversion = { factor: 1, offset: 0 };
const times = (factor: number): Conversion => ({ factor, offset: 0 });

/** Unit of the message → our unit (UCUM) → value · factor + offset. Only what is certain; the rest is refused. */
const TABLE: Readonly<Record<string, Readonly<Record<string, Conversion>>>> = {
  Cel: { Cel: SAME },
  K: { Cel: { factor: 1, offset: -273.15 } },
  '%RH': { '%': SAME },
  '%EL': { '%': SAME },
  '%': { '%': SAME },
  '/': { '%': times(100) },
  '/100': { '%': SAME },
  m: { m: SAME, mm: times(1000) },
  cm: { mm: times(10), m: times(0.01) },
  mm: { mm: SAME, m: times(0.001) },
  km: { m: times(1000) },
  V: { V: SAME },
  mV: { V: times(0.001) },
  A: { A: SAME },
  mA: { A: times(0.001) },
  W: { kW: times(0.001) },
  kW: { kW: SAME },
  Wh: { 'kW.h': times(0.001), 'MW.h': times(1e-6) },
  kWh: { 'kW.h': SAME, 'MW.h': times(0.001) },
  J: { 'kW.h': times(1 / 3.6e6) },
  Pa: { hPa: times(0.01), kPa: times(0.001) },
  hPa: { hPa: SAME, kPa: times(0.1) },
  kPa: { kPa: SAME, hPa: times(10) },
  lx: { lx: SAME },
  dB: { dB: SAME, 'dB[SPL]': SAME },
  dBm: { 'dB{mW}': SAME },
  dBW: { 'dB{mW}': { factor: 1, offset: 30 } },
  'm/s': { 'm/s': SAME, 'km/h': times(3.6) },
  'km/h': { 'km/h': SAME, 'm/s': times(1 / 3.6) },
  'm3/s': { 'm3/h': times(3600) },
  'm3/h': { 'm3/h': SAME },
  'l/s': { 'm3/h': times(3.6) },
  m3: { m3: SAME },
  l: { m3: times(0.001) },
  ppm: { '[ppm]': SAME, '[ppb]': times(1000) },
  ppb: { '[ppb]': SAME, '[ppm]': times(0.001) },
  'ug/m3': { 'ug/m3': SAME },
  'mg/m3': { 'ug/m3': times(1000) },
  deg: { deg: SAME },
  rad: { deg: times(180 / Math.PI) },
  h: { h: SAME },
  min: { h: times(1 / 60) },
  s: { h: times(1 / 3600) },
};

const units = new Map(Object.entries(TABLE).map(([from, to]) => [from, new Map(Object.entries(to))]));

/** How a value in `from` becomes one in `to`; `undefined` when that is not known. Counts take `count` or our own name. */
export function conversion(from: string, to: string): Conversion | undefined {
  if (from === to) return SAME;
  if (from === 'count' && to.startsWith('{')) return SAME;
  return units.get(from)?.get(to);
}
