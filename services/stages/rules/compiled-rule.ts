/** What every watch of a rule has in common, made once: its fingerprint, its hold, and its judge where no attribute decides. */
import { createHash } from 'node:crypto';
import { splitChannel } from '../../knowledge/catalogue/catalogue.ts';
import type { HoldPlan } from '../../knowledge/conditions/hold.ts';
import { implausiblePlan } from '../../knowledge/conditions/implausible.ts';
import type { Judge } from '../../knowledge/conditions/judge.ts';
import { type LimitSource, limitAttributes } from '../../knowledge/conditions/limits.ts';
import { StateJudge } from '../../knowledge/conditions/state-match.ts';
import { ThresholdJudge } from '../../knowledge/conditions/threshold.ts';
import type { Rule } from '../../model/rule.ts';
import type { SeriesPlan } from './watch.ts';

/** Of `implausible` rules, which are fed what is suspect and what is not. */
export const SUSPECT: Judge = { judge: () => 1, limitAt: () => undefined };

const NO_HOLD: HoldPlan = { forMs: 0, clearForMs: 0, count: 1, clearCount: 1 };

export class CompiledRule {
  readonly rule: Rule;
  readonly print: string;
  readonly hold: HoldPlan;
  #name = '';
  #channel = '';
  #shared: Judge | undefined;

  constructor(rule: Rule) {
    const { condition } = rule;
    this.rule = rule;
    this.print = createHash('sha256').update(JSON.stringify(condition)).digest('hex').slice(0, 12);
    this.hold = holdOf(rule);
    if (condition.kind !== 'absence' && condition.quantity !== undefined) {
      [this.#name, this.#channel] = splitChannel(condition.quantity);
    }
  }

  /**
   * What tells its episodes on this series from those on others of the asset, or `undefined` when it does not look at
   * it. A rule that names a channel means that one; a rule that names none means each, every one with its own episodes.
   */
  facetOn({ name, channel }: SeriesPlan): string | undefined {
    if (name !== this.#name) return undefined;
    if (this.#channel === '') return channel;
    return channel === this.#channel ? '' : undefined;
  }

  judgeOn({ definition }: SeriesPlan, source: LimitSource): Judge {
    const { condition } = this.rule;
    if (condition.kind === 'state') {
      this.#shared ??= new StateJudge(condition, definition);
      return this.#shared;
    }
    if (condition.kind !== 'threshold') return SUSPECT;
    if (limitAttributes(condition).length > 0) return new ThresholdJudge(condition, source);
    this.#shared ??= new ThresholdJudge(condition, source);
    return this.#shared;
  }
}

function holdOf({ condition }: Rule): HoldPlan {
  if (condition.kind === 'implausible') return implausiblePlan(condition);
  if (condition.kind === 'absence') return NO_HOLD;
  return {
    forMs: (condition.forSeconds ?? 0) * 1000,
    clearForMs: (condition.clearForSeconds ?? 0) * 1000,
    count: condition.kind === 'threshold' ? (condition.count ?? 1) : 1,
    clearCount: 1,
  };
}
