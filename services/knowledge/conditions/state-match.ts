/** Primitive: a state quantity is one of the named states. */
import type { Static } from 'typebox';
import type { Quantity } from '../../model/catalogue.ts';
import type { StateMatch } from '../../model/condition.ts';
import type { Judge, Signal } from './judge.ts';

export class StateJudge implements Judge {
  #raise: ReadonlySet<number>;
  #clear: ReadonlySet<number> | undefined;

  /** Names that are no state of `quantity` match nothing. */
  constructor(condition: Static<typeof StateMatch>, quantity: Quantity) {
    const numbers = (names: readonly string[]) =>
      new Set(names.map((name) => (quantity.states ?? []).findIndex((s) => s.name === name)));
    this.#raise = numbers(condition.is);
    this.#clear = condition.clear && numbers(condition.clear);
  }

  judge(value: number): Signal {
    if (this.#raise.has(value)) return 1;
    return !this.#clear || this.#clear.has(value) ? -1 : 0;
  }

  limitAt(): undefined {
    return undefined;
  }
}
