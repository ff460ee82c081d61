/** At most 60 attempts an hour on ids that are somebody else's, so that nobody finds out what exists by trying names. */

export interface AttemptLimits {
  /** Attempts within `windowMs`. */
  attempts?: number;
  windowMs?: number;
  /** Principals remembered; the one longest quiet is forgotten first. Memory is at most this × attempts × 8 bytes. */
  principals?: number;
}

export class AttemptLimiter {
  #attempts: number;
  #windowMs: number;
  #principals: number;
  // The times of the last attempts of each, a ring; insertion order of the map is the order of last use.
  #rings = new Map<string, { times: Float64Array; next: number }>();

  constructor({ attempts = 60, windowMs = 3_600_000, principals = 2048 }: AttemptLimits = {}) {
    this.#attempts = attempts;
    this.#windowMs = windowMs;
    this.#principals = principals;
  }

  /**
   * Counts one attempt of `key` (a token's id; for the public its address) at `now`, ms of a monotonic clock. False when
   * there have been too many: the caller answers 429. An attempt refused is not counted, so the hour does not start anew.
   */
  attempt(key: string, now: number): boolean {
    const ring = this.#rings.get(key) ?? { times: new Float64Array(this.#attempts).fill(-Infinity), next: 0 };
    this.#rings.delete(key);
    this.#rings.set(key, ring);
    if (this.#rings.size > this.#principals) {
      const [oldest] = this.#rings.keys();
      if (oldest !== undefined) this.#rings.delete(oldest);
    }
    // `next` points at the oldest of the ring.
    if (now - ring.times[ring.next]! < this.#windowMs) return false; // next is always within the ring
    ring.times[ring.next] = now;
    ring.next = (ring.next + 1) % this.#attempts;
    return true;
  }
}
