/** When a vendor's cloud is asked next: every so many minutes, or at times of day in Denmark. */
import Type, { type Static } from 'typebox';

export const Schedule = Type.Union([
  Type.Object({ everyMinutes: Type.Integer({ minimum: 1, maximum: 10_080 }) }, { additionalProperties: false }),
  Type.Object(
    {
      timesOfDay: Type.Array(
        Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Danish time, 06:30' }),
        {
          minItems: 1,
          maxItems: 48,
        },
      ),
    },
    { additionalProperties: false },
  ),
]);
export type Schedule = Static<typeof Schedule>;

const ZONE = 'Europe/Copenhagen';
const DAY_MS = 86_400_000;
/** Many sources with one schedule, at one vendor, are spread over this part of the interval, and at most over this long. */
const SPREAD = 0.1;
const MOST_SPREAD_MS = 120_000;

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/**
 * The first time after `after`, epoch ms.
 * @param random from 0 to 1; how much later within the spread.
 * @param minuteMs length of a minute; shorter in tests.
 */
export function nextRun(schedule: Schedule, after: number, random: number, minuteMs = 60_000): number {
  if ('everyMinutes' in schedule) {
    const every = schedule.everyMinutes * minuteMs;
    return Math.round(after + every + random * Math.min(every * SPREAD, MOST_SPREAD_MS));
  }
  const candidates: number[] = [];
  for (const day of [-1, 0, 1, 2])
    for (const time of schedule.timesOfDay) candidates.push(danishTime(after + day * DAY_MS, time));
  const next = Math.min(...candidates.filter((at) => at > after));
  return Math.round(next + random * MOST_SPREAD_MS);
}

/**
 * The instant of a time of day on the Danish day that `at` lies in. A time that is left out when summer time begins is the
 * instant an hour later; one that comes twice when it ends is its first.
 */
function danishTime(at: number, time: string): number {
  const { year, month, day } = local(at);
  const asUtc = Date.parse(`${year}-${month}-${day}T${time}:00Z`);
  const summer = asUtc - 7_200_000;
  const winter = asUtc - 3_600_000;
  return offset(summer) === 7_200_000 ? summer : winter;
}

/** How far Danish clocks are ahead of UTC, ms. */
function offset(at: number): number {
  const { year, month, day, hour, minute, second } = local(at);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(at / 1000) * 1000;
}

function local(at: number): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string> {
  const named = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return named as ReturnType<typeof local>; // the format names all of them
}
