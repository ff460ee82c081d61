/** Primitive: a value beyond a limit, with a separate level at which it is over. */
import type { Static } from 'typebox';
import type { Threshold } from '../../model/condition.ts';
import { type Comparison, compare } from './compare.ts';
import type { Judge, Signal } from './judge.ts';
import { type LimitSource, type LimitWindow, limitAt } from './limits.ts';

export class ThresholdJudge implements Judge {
  #condition: Static<typeof Threshold>;
  #source: LimitSource;
  #raiseOp: Comparison;
  #clearOp: Comparison | undefined;
  #raise: LimitWindow;
  #clear: LimitWindow | undefined;

  constructor(condition: Static<typeof Threshold>, source: LimitSource) {
    this.#condition = condition;
    this.#source = source;
    this.#raiseOp = condition.raise.op;
    this.#clearOp = condition.clear?.op;
    this.#raise = limitAt(condition.raise.limit, source, 0);
    this.#clear = condition.clear && limitAt(condition.clear.limit, source, 0);
  }

  judge(value: number, time: number): Signal {
    const raise = this.limitAt(time);
    // A missing limit neither raises nor clears: the rule is off, and the asset shows that it is.
    if (raise === undefined) return 0;
    if (compare(this.#raiseOp, value, raise)) return 1;
    if (this.#clearOp === undefined) return -1;
    const clear = this.#clearAt(time);
    return clear !== undefined && compare(this.#clearOp, value, clear) ? -1 : 0;
  }

  limitAt(time: number): number | undefined {
    if (time < this.#raise.from || time >= this.#raise.until) {
      this.#raise = limitAt(this.#condition.raise.limit, this.#source, time);
    }
    return this.#raise.limit;
  }

  #clearAt(time: number): number | undefined {
    const window = this.#clear;
    if (!window || !this.#condition.clear) return undefined;
    if (time < window.from || time >= window.until) {
      this.#clear = limitAt(this.#condition.clear.limit, this.#source, time);
    }
    return this.#clear?.limit;
  }
}
