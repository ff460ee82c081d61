/** The units of the catalogue (UCUM) as Grafana names them. */

// Grafana's own id where it has one, so that it scales and writes it; else the sign behind the number.
const GRAFANA: Readonly<Record<string, string>> = {
  '': 'none',
  '%': 'percent',
  A: 'amp',
  Cel: 'celsius',
  V: 'volt',
  'dB{mW}': 'dBm',
  dB: 'dB',
  'dB[SPL]': 'suffix:dB(A)',
  deg: 'degree',
  mm: 'lengthmm',
  m: 'lengthm',
  h: 'suffix:h',
  hPa: 'pressurehpa',
  kPa: 'pressurekpa',
  kW: 'kwatt',
  'kW.h': 'kwatth',
  'MW.h': 'mwatth',
  'km/h': 'velocitykmh',
  lx: 'lux',
  m3: 'm3',
  'm3/h': 'suffix:m³/h',
  'm/s': 'velocityms',
  '[ppm]': 'ppm',
  '[ppb]': 'conppb',
  'ug/m3': 'conμgm3',
  'Bq/m3': 'suffix:Bq/m³',
};

/** Throws for a unit that nobody has mapped yet: a wrong unit is worse than none. Counts such as `{vehicle}` have none. */
export function grafanaUnit(ucum: string): string {
  if (/^\{\w+\}$/.test(ucum)) return 'none';
  const unit = GRAFANA[ucum];
  if (unit === undefined) throw new Error(`no Grafana unit for "${ucum}": add it to dashboards/grafana/layer/units.ts`);
  return unit;
}
