/** Feeds values and time to the watches, and collects the transitions and what changed in them. */
import { absenceDue } from '../../knowledge/conditions/absence.ts';
import { calm, isRelevant, onDue, onSignal } from '../../knowledge/conditions/hold.ts';
import type { Signal } from '../../knowledge/conditions/judge.ts';
import type { Evidence, Transition } from '../../model/alert.ts';
import type { Directory } from '../../model/directory.ts';
import { Outages } from './outages.ts';
import { RuleClock } from './rule-clock.ts';
import { SeriesMemory } from './series-memory.ts';
import { Timers } from './timers.ts';
import { alertId, orphanTransition, type Turn, transitionOf } from './transition-of.ts';
import type { AbsenceWatch, AssetPlan, HoldWatch, OpenEpisode, SavedWatch, SeriesPlan, Watch } from './watch.ts';

type Cause = NonNullable<Transition['cause']>;

/** While a network server is away, silences behind it are looked at so often. */
const LOOK_AGAIN_MS = 30_000;

export class Evaluator {
  readonly clock = new RuleClock();
  readonly outages = new Outages();
  readonly memory = new SeriesMemory();
  readonly timers = new Timers<Watch>();
  #directory: Directory;
  #transitions: Transition[] = [];
  #changed = new Set<Watch>();
  #gone = new Set<string>();
  #byAlert = new Map<string, Watch>();

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** The rule clock moves to `to`; every timer due by then fires first, in order. */
  advance(to: number): void {
    if (to <= this.clock.now) return;
    this.clock.moveTo(to);
    for (let next = this.timers.peek(); next && next.due <= to; next = this.timers.peek()) {
      this.timers.remove(next);
      if (next.kind === 'hold') this.#holdDue(next);
      else this.#absenceDue(next);
    }
  }

  /** Anything was received from a device of the asset. `received` is no later than the rule clock. */
  heard(plan: AssetPlan, received: number): void {
    if (received > this.memory.time[plan.heard]!) this.memory.set(plan.heard, received, 0); // a slot of the memory
    if (plan.attention) this.#heardAgain(plan, received);
  }

  /** A value that rules may use: newer than the last used one of its series, which it now becomes. */
  use(series: SeriesPlan, time: number, value: number, received: number): void {
    this.memory.set(series.slot, time, value);
    for (const watch of series.holds) {
      const signal = watch.judge.judge(value, time);
      if (isRelevant(watch.state, signal) || watch.after !== 0) this.signal(watch, signal, time, value, received);
    }
    for (const watch of series.implausible) {
      if (isRelevant(watch.state, -1) || watch.after !== 0) this.signal(watch, -1, time, value, received);
    }
  }

  signal(watch: HoldWatch, signal: Signal, time: number, value: number, received: number): void {
    const { state, hold } = watch;
    if (watch.after !== 0) {
      // After a manual resolve a new episode needs a reading received after it.
      if (received <= watch.after) return;
      watch.after = 0;
    }
    this.#changed.add(watch);
    const since = state.since ?? time;
    const event = onSignal(hold, state, signal, time, this.clock.now);
    this.#arm(watch);
    if (event) this.#turn(watch, event, time, this.#evidence(watch, time, value, received, time - since));
  }

  /** Somebody resolved the episode by hand at `at`. */
  resolve(alert: string, at: number): void {
    const watch = this.#byAlert.get(alert);
    if (!watch) return;
    this.#byAlert.delete(alert);
    watch.open = undefined;
    watch.after = at;
    this.#changed.add(watch);
    if (watch.kind === 'hold') {
      calm(watch.state);
      this.#arm(watch);
    } else watch.plan.attention = true;
  }

  /** The watch looks no more, or its rule no longer holds: the episode, if there is one, ends. */
  end(watch: Watch, cause: Cause): void {
    if (watch.open) {
      const { now } = this.clock;
      this.#turn(watch, 'cleared', now, {}, cause);
    }
    if (watch.kind === 'hold') {
      calm(watch.state);
      this.#arm(watch);
    }
    this.#changed.add(watch);
  }

  endOrphan(key: string, saved: SavedWatch, cause: Cause): void {
    if (saved.open) this.#transitions.push(orphanTransition(key, saved.open, this.clock.now, cause));
    this.#gone.add(key);
  }

  /** Begins to look: sets its timer. */
  add(watch: Watch): void {
    if (this.#gone.size > 0 && this.#gone.delete(watch.key)) this.#changed.add(watch);
    if (watch.open) this.#byAlert.set(watch.open.alert, watch);
    if (watch.kind === 'hold') {
      this.#arm(watch);
      return;
    }
    if (watch.open || watch.after !== 0) watch.plan.attention = true;
    else this.timers.set(watch, this.#dueOf(watch));
  }

  /** Ceases to look, without a word; `end` it first where its episode ends. A successor with its key may be added. */
  remove(watch: Watch): void {
    this.timers.remove(watch);
    // Most have never been written down, and what was not need not be forgotten.
    if (this.#changed.delete(watch) || watch.remembered) this.#gone.add(watch.key);
    if (watch.open) this.#byAlert.delete(watch.open.alert);
  }

  /** Whether an absence is overdue now. */
  isOverdue(watch: AbsenceWatch): boolean {
    return this.#dueOf(watch) <= this.clock.now;
  }

  takeTransitions(): Transition[] {
    const taken = this.#transitions;
    this.#transitions = [];
    return taken;
  }

  save(): Map<string, Uint8Array | undefined> {
    const changes = new Map<string, Uint8Array | undefined>();
    for (const key of this.#gone) changes.set(key, undefined);
    for (const watch of this.#changed) changes.set(watch.key, saved(watch));
    this.#gone.clear();
    this.#changed.clear();
    this.memory.save(changes);
    const clock = this.clock.save();
    if (clock) changes.set('clock', clock);
    const outages = this.outages.save();
    if (outages) changes.set('outages', outages);
    return changes;
  }

  restore(state: Map<string, Uint8Array>): void {
    this.clock.restore(state.get('clock'));
    this.outages.restore(state.get('outages'));
    this.memory.restore(state);
    this.timers.clear();
    this.#transitions = [];
    this.#changed.clear();
    this.#gone.clear();
    this.#byAlert.clear();
  }

  #holdDue(watch: HoldWatch): void {
    const { state, due, series } = watch;
    const since = state.since!; // a phase with a timer has begun
    const event = onDue(watch.hold, state);
    this.#changed.add(watch);
    if (!event) return;
    const time = this.memory.time[series.slot]!; // its last value is what held
    const evidence = this.#evidence(watch, time, this.memory.value[series.slot]!, undefined, due - since);
    this.#turn(watch, event, due, evidence);
  }

  #absenceDue(watch: AbsenceWatch): void {
    const due = this.#dueOf(watch);
    const away = this.outages.areBehindOne(watch.plan.devices);
    if (due > watch.due || away) {
      // Heard since, or we were blind: it takes its turn anew, even when that is now. While its network server is away the
      // end of that is not known.
      this.timers.set(watch, away ? Math.max(due, watch.due + LOOK_AGAIN_MS) : due);
      return;
    }
    const heard = this.#lastHeard(watch.plan);
    watch.plan.attention = true;
    this.#turn(watch, 'raised', due, { time: heard, heldFor: due - heard });
  }

  #heardAgain(plan: AssetPlan, received: number): void {
    plan.attention = false;
    for (const watch of plan.absences) {
      if (watch.open) {
        this.#turn(watch, 'cleared', received, { time: received, received });
      } else if (watch.after === 0) continue;
      else if (received <= watch.after) {
        plan.attention = true;
        continue;
      }
      watch.after = 0;
      this.#changed.add(watch);
      this.timers.set(watch, this.#dueOf(watch));
    }
  }

  #lastHeard(plan: AssetPlan): number {
    const assigned = plan.devices.map((d) => Math.max(d.registeredAt, d.assignments.at(-1)?.from ?? 0));
    return Math.max(this.memory.time[plan.heard]!, plan.asset.createdAt, ...assigned); // never seen: since it was bound
  }

  #dueOf(watch: AbsenceWatch): number {
    const { plan, allowed, from } = watch;
    const blind = this.outages.blindTo(plan.devices, this.clock.blind, this.clock.now);
    return Math.max(absenceDue(this.#lastHeard(plan), allowed, blind), from);
  }

  #arm(watch: HoldWatch): void {
    if (watch.state.due === undefined) this.timers.remove(watch);
    else if (watch.place < 0 || watch.due !== watch.state.due) this.timers.set(watch, watch.state.due);
  }

  #evidence(watch: HoldWatch, time: number, value: number, received: number | undefined, heldFor: number): Evidence {
    const { quantity, definition } = watch.series;
    const limit = watch.judge.limitAt(time);
    const state = definition.states?.[value]?.name;
    return {
      quantity,
      value,
      ...(state === undefined ? {} : { state }),
      ...(limit === undefined ? {} : { limit }),
      ...(definition.unit === '' ? {} : { unit: definition.unit }),
      heldFor,
      time,
      ...(received === undefined ? {} : { received }),
    };
  }

  #turn(watch: Watch, to: Turn['to'], time: number, evidence: Evidence, cause?: Cause): void {
    const turn = { to, time, at: this.clock.now, evidence, ...(cause ? { cause } : {}) };
    const { asset } = watch.plan;
    const open: OpenEpisode = watch.open ?? {
      alert: alertId(watch.key, time),
      ruleVersion: watch.rule.version,
      owner: asset.owner,
      operator: asset.operator,
      type: asset.type,
      severity: watch.rule.severity,
      outcome: watch.rule.outcome,
    };
    this.#transitions.push(transitionOf(watch, open, turn, this.#directory));
    this.#changed.add(watch);
    watch.open = to === 'raised' ? open : undefined;
    if (watch.open) this.#byAlert.set(open.alert, watch);
    else this.#byAlert.delete(open.alert);
  }
}

/** `undefined` when there is nothing to remember. */
function saved(watch: Watch): Uint8Array | undefined {
  if (!watch.remembered) return undefined;
  const { print, open, after } = watch;
  const hold = watch.kind === 'hold' && watch.state.phase !== undefined ? watch.state : undefined;
  const remembered: SavedWatch = {
    print,
    ...(hold ? { hold } : {}),
    ...(open ? { open } : {}),
    ...(after === 0 ? {} : { after }),
  };
  return Buffer.from(JSON.stringify(remembered));
}
