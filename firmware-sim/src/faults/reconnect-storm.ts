/** A network that fails for everybody at once: all devices lose their connection at the same instants. */
import type { Fault } from './fault.ts';

export interface ReconnectStormOptions {
  /** Time between two storms, ms; they lie on the clock's multiples, the same for every device. */
  every: number;
}

export function reconnectStorm({ every }: ReconnectStormOptions): Fault {
  return function* (steps) {
    let storm: number | undefined;
    for (const step of steps) {
      storm ??= Math.ceil(step.at / every) * every;
      if (step.at >= storm) {
        yield { kind: 'reconnect', at: storm };
        storm = (Math.floor(step.at / every) + 1) * every;
      }
      yield step;
    }
  };
}
