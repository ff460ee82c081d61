/** A device whose clock is wrong, or runs away. */
import type { Fault } from './fault.ts';

export interface ClockSkewOptions {
  /** How far the clock is ahead (negative: behind), ms. */
  offset: number;
  /** Further ms ahead with each day. */
  driftPerDay?: number;
}

const DAY = 86_400_000;

/** Only messages with a `time` of their own have a clock to be wrong. */
export function clockSkew({ offset, driftPerDay = 0 }: ClockSkewOptions): Fault {
  return function* (steps) {
    let first: number | undefined;
    for (const step of steps) {
      first ??= step.at;
      if (step.kind !== 'publish' || typeof step.payload !== 'string') {
        yield step;
        continue;
      }
      const wrong = offset + (driftPerDay * (step.at - first)) / DAY;
      yield { ...step, payload: shiftTime(step.payload, wrong) };
    }
  };
}

function shiftTime(payload: string, by: number): string {
  let body: unknown;
  try {
    body = JSON.parse(payload);
  } catch {
    return payload; // another fault was here first
  }
  if (typeof body !== 'object' || body === null || !('time' in body) || typeof body.time !== 'string') return payload;
  const time = Date.parse(body.time);
  return Number.isNaN(time) ? payload : JSON.stringify({ ...body, time: new Date(time + by).toISOString() });
}
