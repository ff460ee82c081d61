/**
 * Which scripts are not run for now: those that failed 5 times within a minute, for a minute. Being stopped always counts.
 * Throwing counts only while nothing succeeds in between: one device that sends rubbish must not silence the others of its
 * kind. Errors a script reports itself never count: it works. One that keeps within its budget and yet takes a quarter of the
 * sandbox's time with calls that are slow one by one is set aside too: all scripts share one thread, and decode waits for it.
 */

const FAILURES = 5;
const WITHIN_MS = 60_000;
/** Most processor time within SLOW_WITHIN_MS for a script whose calls take more than SLOW_MS on average. */
const MOST_MS = 2500;
const SLOW_WITHIN_MS = 10_000;
const SLOW_MS = 5;

interface Record {
  stops: number[];
  throws: number[];
  /** Monotonic ms; 0 where it never was. */
  until: number;
}

interface Load {
  since: number;
  ms: number;
  calls: number;
}

/** Records of scripts nobody uses any more are forgotten beyond this. */
const MOST = 1000;

export class SetAside {
  #records = new Map<string, Record>();
  #loads = new Map<string, Load>();
  #now: () => number;

  /** `now`: monotonic, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** ms it is still set aside; 0 when it may run. */
  remaining(key: string): number {
    return Math.max(0, (this.#records.get(key)?.until ?? 0) - this.#now());
  }

  /** True when this failure sets it aside. */
  failed(key: string, how: 'stopped' | 'threw'): boolean {
    const now = this.#now();
    const record = this.#records.get(key) ?? { stops: [], throws: [], until: 0 };
    this.#records.delete(key);
    this.#records.set(key, record);
    if (this.#records.size > MOST) this.#records.delete(this.#records.keys().next().value ?? '');
    (how === 'stopped' ? record.stops : record.throws).push(now);
    const recent = (times: number[]) => times.filter((t) => now - t < WITHIN_MS);
    record.stops = recent(record.stops);
    record.throws = recent(record.throws);
    if (record.stops.length + record.throws.length < FAILURES) return false;
    record.stops = [];
    record.throws = [];
    record.until = now + WITHIN_MS;
    return true;
  }

  /** After a call that gave an answer: true when its script takes too much of everybody's time and is set aside for it. */
  tookTooLong(key: string, ms: number): boolean {
    const now = this.#now();
    let load = this.#loads.get(key);
    if (!load || now - load.since > SLOW_WITHIN_MS) {
      load = { since: now, ms: 0, calls: 0 };
      this.#loads.delete(key);
      this.#loads.set(key, load);
      if (this.#loads.size > MOST) this.#loads.delete(this.#loads.keys().next().value ?? '');
    }
    load.ms += ms;
    load.calls++;
    if (load.ms < MOST_MS || load.ms / load.calls < SLOW_MS) return false;
    this.#loads.delete(key);
    const record = this.#records.get(key) ?? { stops: [], throws: [], until: 0 };
    record.until = now + WITHIN_MS;
    this.#records.set(key, record);
    return true;
  }

  /** True when it had been set aside and works again. */
  worked(key: string): boolean {
    const record = this.#records.get(key);
    if (!record) return false;
    record.throws = [];
    const again = record.until > 0 && record.until <= this.#now();
    if (again) record.until = 0;
    if (record.stops.length === 0 && record.until === 0) this.#records.delete(key);
    return again;
  }
}
