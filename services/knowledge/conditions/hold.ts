/**
 * From signals to episodes: a signal must hold for a time and a number of values before it counts.
 *
 *            raise                    held for `forMs` and `count` values
 *   calm ───────────────▶ raising ────────────────────────────────────────▶ open
 *    ▲ ◀───────────────────┘ anything else                                   │ clear
 *    │                                                                       ▼
 *    └──────────────────────────────────────────────────────────────────── clearing
 *       held for `clearForMs` and `clearCount` values      anything else ──▶ open
 *
 * Time is judged twice. A later value proves by *event time* that the signal held (a sensor that sends its hour in one
 * go). Without one, a timer of the *rule clock* proves it: nothing that was received meanwhile said otherwise.
 */
import type { Signal } from './judge.ts';

export interface HoldPlan {
  forMs: number;
  clearForMs: number;
  count: number;
  clearCount: number;
}

/** JSON; `{}` is calm. Changed in place: most values change nothing, and the rest must not cost an object each. */
export interface HoldState {
  phase?: 'raising' | 'open' | 'clearing';
  /** Values in a row in this phase (raising, clearing). */
  n?: number;
  /** Event time of the first of them. */
  since?: number;
  /** Event time of the last of them. */
  last?: number;
  /** Rule clock at which the phase has lasted long enough; absent once it has. */
  due?: number;
}

export type HoldEvent = 'raised' | 'cleared';

/** Whether a signal could change anything; the hot path asks before it calls `onSignal`. */
export function isRelevant(state: HoldState, signal: Signal): boolean {
  if (state.phase === undefined) return signal === 1;
  if (state.phase === 'open') return signal === -1;
  return true;
}

/**
 * One value. `time` is its event time, `clock` the rule clock; both epoch ms, and `time` newer than the one before.
 * When it returns an event, the event's time is `time`, and `held` of the state before it tells how long.
 */
export function onSignal(
  plan: HoldPlan,
  state: HoldState,
  signal: Signal,
  time: number,
  clock: number,
): HoldEvent | undefined {
  const { phase } = state;
  if (phase === undefined || phase === 'raising') {
    if (signal !== 1) {
      if (phase) calm(state);
      return undefined;
    }
    run(state, 'raising', time, clock, plan.forMs);
    return enough(state, plan.forMs, plan.count) ? open(state) : undefined;
  }
  if (signal !== -1) {
    if (phase === 'clearing') open(state);
    return undefined;
  }
  run(state, 'clearing', time, clock, plan.clearForMs);
  return enough(state, plan.clearForMs, plan.clearCount) ? cleared(state) : undefined;
}

/** The timer of `state.due` has come. The event's time is that due time. */
export function onDue(plan: HoldPlan, state: HoldState): HoldEvent | undefined {
  delete state.due;
  if (state.phase === 'raising' && state.n! >= plan.count) return open(state);
  if (state.phase === 'clearing' && state.n! >= plan.clearCount) return cleared(state);
  return undefined; // long enough, but not often enough yet: the next value decides
}

/** Sets the state to calm, as after a manual resolve. */
export function calm(state: HoldState): void {
  delete state.phase;
  delete state.n;
  delete state.since;
  delete state.last;
  delete state.due;
}

function run(state: HoldState, phase: 'raising' | 'clearing', time: number, clock: number, forMs: number): void {
  if (state.phase === phase) {
    state.n = state.n! + 1; // set when the phase began
  } else {
    state.phase = phase;
    state.n = 1;
    state.since = time;
    if (forMs > 0) state.due = clock + forMs;
  }
  state.last = time;
}

function enough(state: HoldState, forMs: number, count: number): boolean {
  if (state.n! < count) return false;
  return state.due === undefined || state.last! - state.since! >= forMs;
}

function open(state: HoldState): HoldEvent {
  calm(state);
  state.phase = 'open';
  return 'raised';
}

function cleared(state: HoldState): HoldEvent {
  calm(state);
  return 'cleared';
}
