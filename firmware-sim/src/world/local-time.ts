/** Danish and British wall clocks by the European rule, without Intl: a month of a region asks a million times. */

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export type Zone = 'Europe/Copenhagen' | 'Europe/London';
const STANDARD: Record<Zone, number> = { 'Europe/Copenhagen': HOUR, 'Europe/London': 0 };

let cachedYear = Number.NaN;
let summerFrom = 0;
let summerTo = 0;

/** Directive 2000/84/EC: summer time runs from the last Sunday of March to the last of October, both at 01:00 UTC. */
function isSummer(utcMs: number): boolean {
  const year = new Date(utcMs).getUTCFullYear();
  if (year !== cachedYear) {
    cachedYear = year;
    summerFrom = lastSunday(year, 2) + HOUR;
    summerTo = lastSunday(year, 9) + HOUR;
  }
  return utcMs >= summerFrom && utcMs < summerTo;
}

function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0);
  return last - new Date(last).getUTCDay() * DAY;
}

/** Milliseconds a zone's clock is ahead of UTC. */
export function zoneOffset(utcMs: number, zone: Zone = 'Europe/Copenhagen'): number {
  return STANDARD[zone] + (isSummer(utcMs) ? HOUR : 0);
}

/** A Danish wall clock. */
export interface LocalTime {
  /** Days since 1970-01-01 on the wall calendar. */
  day: number;
  /** 0 Monday … 6 Sunday. */
  weekday: number;
  /** 0 ≤ hour < 24, with its fraction. */
  hour: number;
}

export function localTime(utcMs: number): LocalTime {
  const local = utcMs + zoneOffset(utcMs);
  const day = Math.floor(local / DAY);
  return { day, weekday: (((day + 3) % 7) + 7) % 7, hour: (local - day * DAY) / HOUR };
}

/** Share of the year that has passed, 0 … 1; seasons need no more. */
export function yearShare(utcMs: number): number {
  return ((utcMs / DAY - 0.5) % 365.2425) / 365.2425;
}

/** Weeks in which Danish schools rest: 7 and 42, July, and Christmas. */
export function isSchoolHoliday(utcMs: number): boolean {
  const date = new Date(utcMs);
  const month = date.getUTCMonth();
  const day = date.getUTCDate();
  if (month === 6 || (month === 11 && day >= 21) || (month === 0 && day <= 2)) return true;
  const week = isoWeek(utcMs);
  return week === 7 || week === 42;
}

function isoWeek(utcMs: number): number {
  const { day, weekday } = localTime(utcMs);
  const thursday = day - weekday + 3; // ISO 8601: the week belongs to the year of its Thursday
  const year = new Date(thursday * DAY).getUTCFullYear();
  return Math.floor((thursday - Date.UTC(year, 0, 1) / DAY) / 7) + 1;
}

/**
 * Epoch milliseconds of a wall-clock text `2016-06-03T13:23:26` in a zone. In the hour that autumn repeats, the first
 * pass is meant; in the hour spring skips, the time as if the clock had not yet been moved.
 */
export function localToUtc(text: string, zone: Zone): number {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) throw new Error(`local time: cannot read "${text}"`);
  const summer = asUtc - STANDARD[zone] - HOUR;
  return isSummer(summer) ? summer : asUtc - STANDARD[zone];
}
