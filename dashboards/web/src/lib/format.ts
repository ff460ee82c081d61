/** Numbers, times and ages as the locale writes them. */

/** UCUM codes as people write them. */
const UNITS: Record<string, string> = {
  Cel: '°C',
  deg: '°',
  'dB{mW}': 'dBm',
  'dB[SPL]': 'dB',
  'dB(A)': 'dB(A)',
  '[ppm]': 'ppm',
  '[ppb]': 'ppb',
  'ug/m3': 'µg/m³',
  'mg/m3': 'mg/m³',
  m2: 'm²',
  m3: 'm³',
  'm3/h': 'm³/h',
  'kW.h': 'kWh',
  'MW.h': 'MWh',
  'W.h': 'Wh',
  'Bq/m3': 'Bq/m³',
};

export const ZONE = 'Europe/Copenhagen';
const HOUR = 3_600_000;

/** Annotations such as `{vehicle}` say what is counted, which the name of the quantity says already. */
export function unitText(ucum: string): string {
  return UNITS[ucum] ?? ucum.replace(/\{.*\}/, '');
}

const kept = new Map<string, unknown>();
/** Making an Intl formatter costs more than using it a hundred times. */
function keep<T>(key: string, make: () => T): T {
  const found = kept.get(key);
  if (found !== undefined) return found as T; // one maker per key
  const made = make();
  kept.set(key, made);
  return made;
}

/** At most `decimals`, or just as many: figures in a column stand under each other. */
export function numberText(value: number, locale: string, decimals = 1, exactly = false): string {
  const format = keep(
    `n ${locale} ${decimals} ${exactly}`,
    () =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: exactly ? decimals : 0,
        maximumFractionDigits: decimals,
      }),
  );
  return format.format(value);
}

function timeFormat(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return keep(`t ${locale} ${name}`, () => new Intl.DateTimeFormat(locale, { ...options, timeZone: ZONE }));
}

/** Danish time; with its zone in the hour that happens twice, and only there. */
export function timeText(time: number | string, locale: string): string {
  const at = typeof time === 'number' ? time : Date.parse(time);
  const parts = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  const plain = timeFormat(locale, 'plain', parts);
  const text = plain.format(at);
  const twice = text === plain.format(at + HOUR) || text === plain.format(at - HOUR);
  return twice ? timeFormat(locale, 'zone', { ...parts, timeZoneName: 'short' }).format(at) : text;
}

/** Time of day with seconds. */
export function clockText(time: number, locale: string): string {
  return timeFormat(locale, 'clock', { timeStyle: 'medium' }).format(time);
}

/** A tick of a time axis whose ticks are `step` ms apart: days by date, hours by time, midnight by date. */
export function tickText(time: number, step: number, locale: string): string {
  const clock = timeFormat(locale, 'tick', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(time);
  const isMidnight = /^00.00$/.test(clock);
  if (step < 24 * HOUR && !isMidnight) return clock;
  const options = step > 27 * 24 * HOUR ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  return timeFormat(locale, JSON.stringify(options), options as Intl.DateTimeFormatOptions).format(time);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 24 * HOUR],
  ['hour', HOUR],
  ['minute', 60_000],
  ['second', 1000],
];
const JUST_NOW_MS = 10_000;

/** "for 3 minutter siden"; a time ahead of `now` is now. */
export function ageText(time: number, now: number, locale: string): string {
  const age = now - time;
  const [unit, size] = STEPS.find(([, s]) => age >= s) ?? ['second', 1000];
  if (age < JUST_NOW_MS)
    return keep(`now ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(0, 'second');
  return keep(`age ${locale}`, () => new Intl.RelativeTimeFormat(locale)).format(-Math.floor(age / size), unit);
}
