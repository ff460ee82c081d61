/** The bad items of one uplink: the first says the reason, the first few say what was wrong. */
import type { RejectReason } from '../../model/reject.ts';

const DETAILS = 5;

export class BadItems {
  #reason: RejectReason | undefined;
  #details: string[] = [];
  #count = 0;

  reset(): void {
    this.#reason = undefined;
    this.#details.length = 0;
    this.#count = 0;
  }

  /** `item`: its number in the uplink, from 1; 0 or 1 where there is but one. */
  add(reason: RejectReason, detail: string, item: number): void {
    this.#reason ??= reason;
    this.#count++;
    if (this.#details.length < DETAILS) this.#details.push(item > 1 ? `item ${item}: ${detail}` : detail);
  }

  /** `undefined` when there are none. */
  problem(): { reason: RejectReason; detail: string } | undefined {
    if (this.#reason === undefined) return undefined;
    const more = this.#count - this.#details.length;
    const detail = this.#details.join('; ') + (more > 0 ? `; and ${more} more` : '');
    return { reason: this.#reason, detail };
  }
}
