import { describe, expect, it } from 'vitest';
import type { Instance } from './kind.ts';
import { reportSteps } from './step.ts';
import { createTimeline } from './timeline.ts';

const MINUTE = 60_000;

function every(minutes: number, nextEvent?: (t: number) => number): Instance {
  return {
    intervalSeconds: minutes * 60,
    sample: (t) => ({ minute: t / MINUTE }),
    ...(nextEvent ? { nextEvent } : {}),
  };
}

const minutes = (timeline: { take(): { time: number } }, n: number): number[] =>
  Array.from({ length: n }, () => timeline.take().time / MINUTE);

describe('timeline', () => {
  it('reports at the interval, from its phase on', () => {
    expect(minutes(createTimeline({ instance: every(10), startMs: 0, phase: 0.5 }), 3)).toEqual([5, 15, 25]);
  });

  it('reports what happens when it happens, and keeps its interval', () => {
    const event = (t: number): number => (t < 7 * MINUTE ? 7 * MINUTE : Number.POSITIVE_INFINITY);
    expect(minutes(createTimeline({ instance: every(10, event), startMs: 0, phase: 0 }), 4)).toEqual([0, 7, 10, 20]);
  });

  it('does not fire without pause, however often something happens', () => {
    const timeline = createTimeline({ instance: every(10, (t) => t + 1), startMs: 0, phase: 0 });
    expect(timeline.take().time).toBe(0);
    expect(timeline.take().time).toBe(1000);
  });

  it('reports more often once it is live, soon after that begins', () => {
    const live = { fromMs: 25 * MINUTE, intervalSeconds: 120 };
    expect(minutes(createTimeline({ instance: every(10), startMs: 0, phase: 0.5, live }), 6)).toEqual([
      5, 15, 26, 28, 30, 32,
    ]);
  });

  it('becomes messages with or without time', () => {
    const timeline = createTimeline({ instance: every(10), startMs: 0, phase: 0 });
    const [stamped] = reportSteps({ timeline, stamped: true, count: 1 });
    const [bare] = reportSteps({ timeline, stamped: false, count: 1 });
    expect(stamped).toEqual({ kind: 'publish', at: 0, payload: '{"time":"1970-01-01T00:00:00.000Z","minute":0}' });
    expect(bare).toEqual({ kind: 'publish', at: 10 * MINUTE, payload: '{"minute":10}' });
  });
});
