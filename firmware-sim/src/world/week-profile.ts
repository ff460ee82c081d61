/** How busy an hour of the week is. */
import { localTime } from './local-time.ts';

/** Twenty-four numbers, one an hour. */
export type DayProfile = readonly number[];

/** A function of time that goes smoothly from one hour's number to the next. */
export function weekProfile(weekday: DayProfile, saturday: DayProfile, sunday: DayProfile): (utcMs: number) => number {
  for (const day of [weekday, saturday, sunday]) {
    if (day.length !== 24) throw new Error(`week profile: a day has 24 hours, not ${day.length}`);
  }
  return (utcMs) => {
    const time = localTime(utcMs);
    const day = time.weekday < 5 ? weekday : time.weekday === 5 ? saturday : sunday;
    const hour = Math.floor(time.hour);
    const share = time.hour - hour;
    return day[hour]! * (1 - share) + day[(hour + 1) % 24]! * share; // both are hours of a day of 24
  };
}
