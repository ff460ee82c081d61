/**
 * How a watch begins where another ended: the one before it, when a rule, an asset or its devices changed, or the one the
 * stage remembers from before the start.
 */
import type { Transition } from '../../model/alert.ts';
import { SUSPECT } from './compiled-rule.ts';
import type { Evaluator } from './evaluator.ts';
import type { HoldWatch, SavedWatch, Watch } from './watch.ts';

/** Why an episode ends where it was not the readings. */
export type EndCause = NonNullable<Transition['cause']>;

export class Succession {
  #evaluator: Evaluator;
  /** Remembered watches that have not been asked for since the start. */
  #saved = new Map<string, SavedWatch>();

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#saved.clear();
    for (const [key, bytes] of state) {
      // Written by Evaluator.save().
      if (key.startsWith('w/')) this.#saved.set(key, JSON.parse(Buffer.from(bytes).toString()) as SavedWatch);
    }
  }

  unclaimed(): string[] {
    return [...this.#saved.keys()];
  }

  /** Ends what no watch has taken over. */
  endUnclaimed(causeFor: (key: string) => EndCause): void {
    for (const [key, saved] of this.#saved) this.#evaluator.endOrphan(key, saved, causeFor(key));
    this.#saved.clear();
  }

  /** A watch goes on where the one before it, or the one remembered from before the start, was. */
  begin(watch: Watch, before: Watch | undefined): void {
    const saved = before || this.#saved.size === 0 ? undefined : this.#saved.get(watch.key);
    if (saved) this.#saved.delete(watch.key);
    const print = before?.print ?? saved?.print;
    watch.open = before?.open ?? saved?.open;
    watch.after = before?.after ?? saved?.after ?? 0;
    if (watch.kind === 'hold') {
      Object.assign(watch.state, before?.kind === 'hold' ? before.state : saved?.hold);
      const edited = print !== undefined && print !== watch.print;
      if (edited || (before?.kind === 'hold' && this.#otherLimit(watch, before))) {
        this.#judgeAnew(watch, edited ? 'rule-changed' : 'asset-changed');
      } else if (saved && this.#clearsByNow(watch)) this.#evaluator.end(watch, 'asset-changed');
    } else if (watch.open && !this.#evaluator.isOverdue(watch)) {
      this.#evaluator.end(watch, print === watch.print ? 'asset-changed' : 'rule-changed');
    }
    this.#evaluator.add(watch);
  }

  /** An edited rule keeps an open episode when the new version still holds for the last value used. */
  #judgeAnew(watch: HoldWatch, cause: 'rule-changed' | 'asset-changed'): void {
    const { memory } = this.#evaluator;
    const { slot } = watch.series;
    const time = memory.time[slot]!; // a slot of the memory
    // Of an implausible rule only the count can change, and three in a row were three in a row.
    const holds = watch.judge === SUSPECT || watch.judge.judge(memory.value[slot]!, time) === 1;
    if (watch.open && holds) watch.state.phase = 'open';
    else this.#evaluator.end(watch, cause);
  }

  /** Its last value would clear an episode that stands: the limit was moved while the stage stood still. */
  #clearsByNow(watch: HoldWatch): boolean {
    if (watch.state.phase !== 'open' || watch.judge === SUSPECT) return false;
    const { memory } = this.#evaluator;
    const { slot } = watch.series;
    return watch.judge.judge(memory.value[slot]!, memory.time[slot]!) === -1; // a slot of the memory
  }

  #otherLimit(watch: HoldWatch, before: HoldWatch): boolean {
    const time = this.#evaluator.memory.time[watch.series.slot]!; // a slot of the memory
    return watch.judge.limitAt(time) !== before.judge.limitAt(time);
  }
}
