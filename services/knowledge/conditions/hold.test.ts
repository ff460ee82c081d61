/** The state machine of a hold: what counts, for how long, how often. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HoldPlan, type HoldState, isRelevant, onDue, onSignal } from './hold.ts';
import type { Signal } from './judge.ts';

const plan = (more: Partial<HoldPlan>): HoldPlan => ({ forMs: 0, clearForMs: 0, count: 1, clearCount: 1, ...more });

/** Signals one second apart, timers fired in between; gives the events with their times, in seconds. */
function play(p: HoldPlan, signals: readonly Signal[], state: HoldState = {}): string[] {
  const events: string[] = [];
  signals.forEach((signal, i) => {
    if (state.due !== undefined && state.due <= i * 1000) {
      const { due } = state;
      const event = onDue(p, state);
      if (event) events.push(`${event} ${due / 1000}`);
    }
    const event = onSignal(p, state, signal, i * 1000, i * 1000);
    if (event) events.push(`${event} ${i}`);
  });
  return events;
}

describe('hold', () => {
  it('raises and clears at once when nothing else is asked', () => {
    expect(play(plan({}), [0, 1, 1, 0, -1, -1])).toEqual(['raised 1', 'cleared 4']);
  });

  it('needs the signal without a break for its time, and takes "between" for a break', () => {
    expect(play(plan({ forMs: 2500 }), [1, 1, 0, 1, 1, 1, 1])).toEqual(['raised 5.5']);
    expect(play(plan({ clearForMs: 2500 }), [1, -1, 0, -1, -1, -1, 0])).toEqual(['raised 0', 'cleared 5.5']);
  });

  it('needs as many values as asked, however long it takes', () => {
    expect(play(plan({ count: 3, forMs: 1000 }), [1, 1, 1])).toEqual(['raised 2']);
    expect(play(plan({ clearCount: 2 }), [1, -1, 0, -1, -1])).toEqual(['raised 0', 'cleared 4']);
  });

  it('raises by its timer when no value comes', () => {
    const p = plan({ forMs: 5000 });
    const state: HoldState = {};
    expect(onSignal(p, state, 1, 0, 100)).toBeUndefined();
    expect(state.due).toBe(5100);
    expect(onDue(p, state)).toBe('raised');
    expect(state).toEqual({ phase: 'open' });
  });

  it('is the same whether calm and open values are shown to it or left out', () => {
    const signal = fc.constantFrom<Signal>(1, 0, -1);
    const plans = fc.record({
      forMs: fc.constantFrom(0, 1500, 3000),
      clearForMs: fc.constantFrom(0, 2500),
      count: fc.integer({ min: 1, max: 3 }),
      clearCount: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(plans, fc.array(signal), (p, signals) => {
        const all: HoldState = {};
        const some: HoldState = {};
        for (const [i, s] of signals.entries()) {
          const a = onSignal(p, all, s, i * 1000, i * 1000);
          const b = isRelevant(some, s) ? onSignal(p, some, s, i * 1000, i * 1000) : undefined;
          expect(b).toBe(a);
          expect(some).toEqual(all);
        }
      }),
    );
  });

  it('survives being written down between any two values', () => {
    const p = plan({ forMs: 2000, clearForMs: 1000, count: 2 });
    const signals: Signal[] = [1, 0, 1, 1, 1, 0, -1, 1, -1, -1, 1, 1, 1];
    const state: HoldState = {};
    for (const [i, s] of signals.entries()) {
      onSignal(p, state, s, i * 1000, i * 1000);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }
  });
});
