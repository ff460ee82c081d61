/** What can go wrong between a device and the platform, as functions from steps to steps that can be put in a row. */
import type { Step } from '../step.ts';
import type { Rng } from '../world/rng.ts';

/** Lazy: takes a step only when asked for one, because a live device's steps never end. */
export type Fault = (steps: Iterable<Step>, rng: Rng) => Iterable<Step>;

/** All of them, the first nearest to the device. Each draws from a generator of its own. */
export function compose(faults: readonly Fault[]): Fault {
  return (steps, rng) => faults.reduce((taken, fault, i) => fault(taken, rng.split(`fault ${i}`)), steps);
}
