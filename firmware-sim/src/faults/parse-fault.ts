/** Faults as words on a command line: `duplicates=0.1`. */
import { clockSkew } from './clock-skew.ts';
import { duplicates } from './duplicates.ts';
import type { Fault } from './fault.ts';
import { garbage } from './garbage.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { reordering } from './reordering.ts';
import { silence } from './silence.ts';

/** Each with what its number means. */
export const FAULTS: Record<string, { help: string; make(value: number): Fault }> = {
  silence: {
    help: 'mean seconds of silence, about once in ten times as long',
    make: (s) => silence({ every: s * 10_000, length: s * 1000 }),
  },
  duplicates: { help: 'share of messages sent twice', make: (probability) => duplicates({ probability }) },
  reordering: { help: 'share of messages overtaken by later ones', make: (probability) => reordering({ probability }) },
  skew: { help: 'seconds the clock is ahead; negative: behind', make: (s) => clockSkew({ offset: s * 1000 }) },
  garbage: { help: 'share of messages followed by an unreadable one', make: (probability) => garbage({ probability }) },
  storm: {
    help: 'seconds between reconnections of all devices at once',
    make: (s) => reconnectStorm({ every: s * 1000 }),
  },
};

const SHARES = new Set(['duplicates', 'reordering', 'garbage']);

export function parseFault(text: string): Fault {
  const [name = '', number] = text.split('=', 2);
  const fault = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
  if (!fault) throw new Error(`--fault ${text}: there is no such fault; there are ${Object.keys(FAULTS).join(', ')}`);
  const value = number === undefined || number === '' ? Number.NaN : Number(number);
  if (!Number.isFinite(value)) throw new Error(`--fault ${text}: write ${name}=NUMBER (${fault.help})`);
  if (SHARES.has(name) ? value < 0 || value > 1 : name !== 'skew' && value <= 0) {
    throw new Error(
      `--fault ${text}: ${SHARES.has(name) ? 'a share lies from 0 to 1' : 'the seconds must be above 0'}`,
    );
  }
  return fault.make(value);
}
