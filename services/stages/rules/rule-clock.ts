/**
 * The rule clock: the receipt time of the last record handled. It moves by what the log says and by nothing else, so a
 * stage that lags, or runs again, decides the same. It also knows when we did not listen: ingest appends a tick every
 * 10 s, so where neither a tick nor a reading was received for longer than two of them, we were blind.
 */
import type { Blindness } from '../../knowledge/conditions/absence.ts';

const BLIND_AFTER_MS = 20_000;
/** Longer ago than any silence that is still waited for. */
const FORGET_MS = 60 * 86_400_000;
const MOST_KEPT = 1000;

export class RuleClock {
  /** Epoch ms; 0 before the first record ever. */
  now = 0;
  /** Ascending. The first reaches from ever to the first record: before it nobody listened. */
  blind: Blindness[] = [];
  #changed = false;

  /** Moves the clock. Call before the timers due by then are fired: what they may blame on a device depends on it. */
  moveTo(to: number): void {
    if (to <= this.now) return;
    if (to - this.now > BLIND_AFTER_MS) {
      this.blind.push([this.now, to]);
      while (this.blind.length > MOST_KEPT || this.blind[0]![1] < to - FORGET_MS) this.blind.shift(); // the new one stays
    }
    this.now = to;
    this.#changed = true;
  }

  /** For the commit, when it moved since the last one. */
  save(): Uint8Array | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return Buffer.from(JSON.stringify({ now: this.now, blind: this.blind }));
  }

  restore(saved: Uint8Array | undefined): void {
    // Written by save().
    const { now, blind } = saved
      ? (JSON.parse(Buffer.from(saved).toString()) as { now: number; blind: Blindness[] })
      : { now: 0, blind: [] };
    this.now = now;
    this.blind = blind;
    this.#changed = false;
  }
}
