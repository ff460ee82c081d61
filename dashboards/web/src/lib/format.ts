/** Numbers, times and ages as the locale writes them. */

/** UCUM codes as people write them. */
const UNITS: Record<string, string> = {
  Cel: '°C',
  deg: '°',
  'dB{mW}': 'dBm',
  'dB[SPL]': 'dB',
  '[ppm]': 'ppm',
  '[ppb]': 'ppb',
  'ug/m3': 'µg/m³',
  m3: 'm³',
  'm3/h': 'm³/h',
  'kW.h': 'kWh',
  'MW.h': 'MWh',
  'Bq/m3': 'Bq/m³',
};

export function unitText(ucum: string): string {
  return UNITS[ucum] ?? ucum.replace(/\{.*\}/, '');
}

export function numberText(value: number, locale: string, decimals = 1): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }).format(value);
}

export function timeText(time: number | string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Europe/Copenhagen',
  }).format(new Date(time));
}

export function clockText(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone: 'Europe/Copenhagen' }).format(time);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** "for 3 minutter siden" */
export function ageText(time: number, now: number, locale: string): string {
  const age = Math.max(0, now - time);
  const [unit, size] = STEPS.find(([, s]) => age >= s) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'always' }).format(-Math.floor(age / size), unit);
}
