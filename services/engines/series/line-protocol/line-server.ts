/** What the batch writer needs of the server behind it. InfluxDB and VictoriaMetrics each have one. */
import type { Key, Stored } from '../decide.ts';
import type { Newest } from '../dictionary.ts';
import type { Removal } from './journal-records.ts';
import type { Refused } from './line-writer.ts';

/** `Stored.generation` of a value that lies where its series is written today, and of one under a former type or owner. */
export const HERE = 0;
export const ELSEWHERE = 1;

/** Every method throws Unavailable while the server does not answer. */
export interface LineServer {
  /** The stored values of these keys, by `keyName`. An engine that cannot replace gives those it has as well. */
  lookUp(keys: readonly Key[]): Promise<[string, Stored][]>;
  /** How to take these points away, for `remove`. */
  removals(points: readonly { series: number; time: number }[]): Removal[];
  remove(removals: readonly Removal[]): Promise<void>;
  /** Sends bodies and gives what was refused; all else is stored. */
  send(bodies: readonly string[]): Promise<Refused[]>;
  /** The newest value a series has on the server. */
  newest(series: number): Promise<Newest | undefined>;
}
