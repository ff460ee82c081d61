/**
 * The clock receipt times are taken from. It follows the wall clock but never goes backwards, for all that decides by
 * receipt time (rules, absence, redelivery) trusts their order. See semantics: The rule clock.
 */

/** Replaced in tests. */
export interface TimeSources {
  /** Epoch ms; somebody may set it. */
  wall(): number;
  /** Milliseconds from anywhere; nobody can set it. */
  monotonic(): number;
}

export interface ReceiptClockOptions {
  /** Receipt time of the newest record there is, epoch ms: a restart does not go back behind it either. */
  notBefore?: number;
  /** The wall clock was set by more than five seconds; positive when forwards, ms. */
  onStep?: (ms: number) => void;
  sources?: TimeSources;
}

/** Steps below this are an ordinary correction by the operating system. */
const STEP_MS = 5000;
const SYSTEM: TimeSources = { wall: () => Date.now(), monotonic: () => performance.now() };

export class ReceiptClock {
  #sources: TimeSources;
  #onStep: (ms: number) => void;
  #last: number;
  #wall: number;
  #monotonic: number;

  constructor({ notBefore = 0, onStep = () => {}, sources = SYSTEM }: ReceiptClockOptions = {}) {
    this.#sources = sources;
    this.#onStep = onStep;
    this.#last = notBefore;
    this.#wall = sources.wall();
    this.#monotonic = sources.monotonic();
    // Set back while we were stopped: nobody watched, but the records tell.
    if (notBefore - this.#wall > STEP_MS) onStep(this.#wall - notBefore);
  }

  /** Epoch ms, whole; never lower than before. */
  now(): number {
    const wall = this.#sources.wall();
    const monotonic = this.#sources.monotonic();
    const passed = Math.max(0, monotonic - this.#monotonic);
    const step = wall - this.#wall - passed;
    this.#wall = wall;
    this.#monotonic = monotonic;
    // Set back, time goes on at half its speed until the wall clock has caught up: a clock that stood still would hold
    // every timer for as long as the step was.
    this.#last = Math.max(wall, this.#last + (wall < this.#last ? passed / 2 : 0));
    if (Math.abs(step) > STEP_MS) this.#onStep(Math.round(step));
    return Math.floor(this.#last);
  }

  /** For measuring how long something takes: milliseconds, untouched by steps of the wall clock. */
  monotonic(): number {
    return this.#sources.monotonic();
  }
}
