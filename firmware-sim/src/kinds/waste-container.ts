/** A container that fills by the rhythm of the week and is emptied on its days. */
import { clamp, type Kind, numberOf, round } from '../kind.ts';
import { batteryLevel } from '../world/battery.ts';
import { DAY, HOUR, localTime, MINUTE } from '../world/local-time.ts';
import type { Rng } from '../world/rng.ts';
import { weekProfile } from '../world/week-profile.ts';

// Share of a day's waste thrown in an hour. People throw in daylight, and more when they have time.
const USE = weekProfile(
  [0, 0, 0, 0, 0, 1, 3, 6, 5, 4, 5, 7, 8, 6, 5, 7, 9, 9, 8, 6, 5, 3, 2, 1],
  [1, 0, 0, 0, 0, 0, 1, 3, 6, 10, 13, 14, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2],
  [1, 1, 0, 0, 0, 0, 1, 2, 5, 9, 12, 13, 13, 13, 12, 11, 9, 8, 7, 6, 4, 3, 2, 1],
);
const USE_PER_DAY = 100;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const PLANS = [['monday', 'thursday'], ['tuesday', 'friday'], ['monday', 'wednesday', 'friday'], ['wednesday']];

export const wasteContainer: Kind = {
  id: 'waste-container',
  assetType: 'waste-container',
  label: { da: 'affaldsbeholder', en: 'waste container' },

  attributes(rng) {
    const big = rng.chance(0.4);
    const emptyDistance = big ? 100 * (16 + rng.int(8)) : 10 * (70 + rng.int(30));
    return {
      emptyDistance,
      fullDistance: big ? 300 : 150,
      volume: big ? rng.pick([2500, 3000, 5000]) : rng.pick([60, 110, 240]),
      kind: big ? rng.pick(['cube', 'underground']) : 'litter-bin',
      fraction: big ? rng.pick(['glas', 'papir', 'pap', 'plast', 'metal', 'rest']) : 'rest',
      route: `Rute ${1 + rng.int(6)}`,
      emptyingDays: rng.pick(PLANS),
    };
  },

  create({ rng, attributes, weather, startMs, situations }) {
    const empty = numberOf(attributes, 'emptyDistance', 1000);
    const full = numberOf(attributes, 'fullDistance', 150);
    const days = Array.isArray(attributes.emptyingDays) ? attributes.emptyingDays : WEEKDAYS;
    const perWeek = days.length;
    // The crew comes when it is 55 to 95 % full, as a rule.
    const percentPerDay = (rng.between(55, 95) * perWeek) / 7;
    const battery = batteryLevel(rng.split('battery'));
    const tip = nextTip(rng.split('tip'), startMs);
    let level = rng.between(0, 60);
    let last = startMs;
    let visit = nextVisit(rng, days, startMs);
    let fire: number | undefined;

    const fill = (until: number): void => {
      const dayShare = (until - last) / DAY;
      const use = USE((last + until) / 2) * 24;
      level += ((percentPerDay * use) / USE_PER_DAY) * dayShare * rng.between(0.4, 1.6);
      last = until;
    };

    return {
      intervalSeconds: 2 * 3600,
      sample(t) {
        while (visit <= t) {
          fill(visit);
          // One visit in twenty-five is missed: a parked car, a broken lorry.
          if (!rng.chance(0.04)) level = rng.between(0, 4);
          visit = nextVisit(rng, days, visit + 12 * HOUR);
        }
        fill(t);
        level = Math.min(level, 104); // it overflows; a sensor sees the top of the heap
        if (situations.active('overfull', t)) level = Math.max(level, 97);
        fire = situations.active('fire', t) ? (fire ?? t) : undefined;
        const heat = fire === undefined ? 0 : 45 + Math.min(50, ((t - fire) / MINUTE) * 12);
        const tilted = situations.active('tilted', t) || tip(t);
        return {
          distance: Math.round(clamp(empty - ((empty - full) * level) / 100 + rng.normal(0, 4), 20, 20000)),
          temperature: round(
            Math.max(weather.temperature(t) + heat + 1.5, fire === undefined ? -50 : 71) + rng.normal(0, 0.2),
            1,
          ),
          tilted: tilted ? 'yes' : 'no',
          batteryLevel: battery(t),
        };
      },
      nextEvent: (t) => situations.nextChange(t),
    };
  },
};

/** Crews start at six and are done by one. */
function nextVisit(rng: Rng, days: readonly string[], after: number): number {
  const morning = Math.floor(after / DAY) * DAY + 5 * HOUR;
  for (let day = 0; day <= 8; day++) {
    const at = morning + day * DAY + Math.floor(rng.between(0, 7 * HOUR));
    if (at > after && days.includes(WEEKDAYS[localTime(at).weekday]!)) return at; // a weekday is one of seven
  }
  return after + 7 * DAY;
}

/** Overturned about once in two years, put up again within a day. */
function nextTip(rng: Rng, startMs: number): (t: number) => boolean {
  let from = startMs + rng.exponential(700 * DAY);
  let to = from + rng.between(1, 20) * HOUR;
  return (t) => {
    if (t >= to) {
      from = t + rng.exponential(700 * DAY);
      to = from + rng.between(1, 20) * HOUR;
    }
    return t >= from;
  };
}
