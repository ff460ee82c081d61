/** When a device reports: at its interval, when something happens, and more often once it is live. */
import type { Instance, Values } from './kind.ts';

export interface Report {
  /** Epoch ms. */
  time: number;
  values: Values;
}

export interface Timeline {
  /** Time of the next report, epoch ms. */
  readonly next: number;
  /** Takes the next report. History and live devices take from the same timeline, so the values go on without a step. */
  take(): Report;
}

interface TimelineOptions {
  instance: Instance;
  startMs: number;
  /** Spreads devices over their interval; 0 … 1. */
  phase: number;
  /** From this time on another interval holds. */
  live?: { fromMs: number; intervalSeconds: number };
}

// Two events nearer than this are reported together: radios and batteries allow no more.
const SHORTEST_GAP = 1000;

export function createTimeline({ instance, startMs, phase, live }: TimelineOptions): Timeline {
  const interval = (time: number): number =>
    1000 * (live && time >= live.fromMs ? live.intervalSeconds : instance.intervalSeconds);
  let regular = startMs + Math.floor(phase * interval(startMs));
  let next = regular;
  return {
    get next() {
      return next;
    },
    take() {
      const time = next;
      const values = instance.sample(time);
      if (time >= regular) {
        regular += interval(regular);
        if (live && time < live.fromMs && regular >= live.fromMs) {
          regular = live.fromMs + Math.floor(phase * live.intervalSeconds * 1000);
        }
      }
      const event = Math.ceil(instance.nextEvent?.(time) ?? Number.POSITIVE_INFINITY);
      next = Math.max(time + 1, Math.min(regular, Math.max(event, time + SHORTEST_GAP)));
      return { time, values };
    },
  };
}
