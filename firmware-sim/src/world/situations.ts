/** Scripted situations of a demonstration: a ring is taken, a bin burns; natural ones come by themselves, but not on cue. */

/** Seconds count from the start of the live part, so that what is shown does not depend on the hour of the day. */
export interface Situation {
  name: string;
  /** May be negative: it was so before we looked. */
  from: number;
  seconds: number;
  /** Comes back every so many seconds. */
  every?: number;
}

export interface Situations {
  active(name: string, timeMs: number): boolean;
  /** The next moment after `timeMs` at which a situation begins or ends; `Infinity` where there is none. */
  nextChange(timeMs: number): number;
}

export function createSituations(list: readonly Situation[], liveStart: number): Situations {
  for (const s of list) {
    if (s.every !== undefined && s.every <= s.seconds) {
      throw new Error(`situation ${s.name}: "every" must be longer than "seconds"`);
    }
  }
  const phase = (s: Situation, timeMs: number): number => {
    const since = timeMs - liveStart - s.from * 1000;
    return s.every === undefined || since < 0 ? since : since % (s.every * 1000);
  };
  return {
    active: (name, timeMs) =>
      list.some((s) => s.name === name && phase(s, timeMs) >= 0 && phase(s, timeMs) < s.seconds * 1000),
    nextChange: (timeMs) => {
      let next = Number.POSITIVE_INFINITY;
      for (const s of list) {
        const at = phase(s, timeMs);
        const wait =
          at < 0
            ? -at
            : at < s.seconds * 1000
              ? s.seconds * 1000 - at
              : s.every === undefined
                ? Number.POSITIVE_INFINITY
                : s.every * 1000 - at;
        next = Math.min(next, timeMs + wait);
      }
      return next;
    },
  };
}

export const NO_SITUATIONS: Situations = { active: () => false, nextChange: () => Number.POSITIVE_INFINITY };
