/** Firmware that now and then sends something no one can read, beside its proper messages. */
import type { Rng } from '../world/rng.ts';
import type { Fault } from './fault.ts';

export interface GarbageOptions {
  /** Chance of a bad message after a good one. */
  probability: number;
}

export function garbage({ probability }: GarbageOptions): Fault {
  return function* (steps, rng) {
    for (const step of steps) {
      yield step;
      if (step.kind === 'publish' && rng.chance(probability)) {
        yield { kind: 'publish', at: step.at, payload: rng.pick(MAKERS)(rng, step.payload) };
      }
    }
  };
}

type Maker = (rng: Rng, good: string | Uint8Array) => string | Uint8Array;

const MAKERS: readonly Maker[] = [
  () => '',
  (_, good) => (typeof good === 'string' ? good.slice(0, Math.max(1, good.length - 2)) : '{'), // cut short on the radio
  (rng) => Uint8Array.from({ length: 1 + rng.int(64) }, () => rng.int(256)),
  () => '{"firmware":"1.4.2","uptime":86400}', // nothing a catalogue knows
  () => '{"temperature":1e999}',
  () => '{"temperature":"ERR"}',
  () => `${'['.repeat(40)}1${']'.repeat(40)}`,
  () => 'null',
];
