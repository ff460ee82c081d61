/** How often each device may send: a token bucket a device, shared by all its connections and by the HTTP door. */

export class TokenBucket {
  #rate: number;
  #burst: number;
  #tokens: number;
  #at: number;

  /** `rate` tokens a second, at most `burst` saved up; full at `now` (ms of a monotonic clock). */
  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
  }

  /** Takes one token; false when there is none. */
  take(now: number): boolean {
    if (this.#tokens < 1) this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Until the next token is there, ms. */
  wait(now: number): number {
    this.#fill(now);
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) * 1000) / this.#rate;
  }

  full(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.#burst;
  }
}

/** The buckets of all devices that sent lately. */
export class DeviceRates {
  #rate: number | 'off';
  #now: () => number;
  #buckets = new Map<string, TokenBucket>();

  constructor(rate: number | 'off', now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** `undefined` when there is no limit. */
  of(device: string): TokenBucket | undefined {
    if (this.#rate === 'off') return undefined;
    let bucket = this.#buckets.get(device);
    if (!bucket) {
      // The burst of a device with less than one message in ten seconds is still one message.
      bucket = new TokenBucket(this.#rate, Math.max(1, this.#rate * 10), this.#now());
      this.#buckets.set(device, bucket);
    }
    return bucket;
  }

  /** Forgets buckets that are full again: a new one would be the same. Called now and then. */
  sweep(inUse: (device: string) => boolean): void {
    const now = this.#now();
    for (const [device, bucket] of this.#buckets) {
      if (bucket.full(now) && !inUse(device)) this.#buckets.delete(device);
    }
  }
}
