/** How long commits took in the last minute: a histogram in seconds-wide slots, so that it costs nothing to keep. */

const SLOTS = 60;
/** Bounds grow by a tenth from 0.05 ms on: the answer is within 10 %. */
const BUCKETS = 160;

export class CommitTimes {
  #now: () => number;
  #slots = Array.from({ length: SLOTS }, () => ({ second: -1, counts: new Uint32Array(BUCKETS) }));

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(ms: number): void {
    const second = Math.floor(this.#now() / 1000);
    const slot = this.#slots[second % SLOTS]!; // an index below SLOTS
    if (slot.second !== second) {
      slot.second = second;
      slot.counts.fill(0);
    }
    const bucket = ms <= 0.05 ? 0 : Math.ceil(Math.log(ms / 0.05) / Math.log(1.1));
    slot.counts[Math.min(BUCKETS - 1, bucket)]!++;
  }

  /** Milliseconds; 0 when nothing was committed in the last minute. */
  p99(): number {
    const now = Math.floor(this.#now() / 1000);
    const sum = new Float64Array(BUCKETS);
    let total = 0;
    for (const { second, counts } of this.#slots) {
      if (second < 0 || now - second >= SLOTS) continue;
      for (let i = 0; i < BUCKETS; i++) {
        sum[i]! += counts[i]!;
        total += counts[i]!;
      }
    }
    let seen = 0;
    for (let i = 0; i < BUCKETS; i++) {
      seen += sum[i]!;
      if (total > 0 && seen >= total * 0.99) return 0.05 * 1.1 ** i;
    }
    return 0;
  }
}
