/** What the journal records of a batch under way, and the form lists and counts have in its tables. */
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { Newest } from '../dictionary.ts';

/**
 * Of each line of a body what it is: a reading, a correction, or the same value again, which only gets another uplink as
 * its owner and counts as a duplicate.
 */
export type Verdict = 'r' | 'c' | 's';

/** How a point is taken away: a statement of the server's language, or a line that hides it. */
export interface Removal {
  kind: 'statement' | 'line';
  text: string;
}

export interface Body {
  /** Lines joined by newlines. */
  lines: string;
  /** One character a line, see Verdict. */
  verdicts: string;
  /** Number of the series of each line. */
  series: Int32Array;
}

export interface Pending {
  upTo: Position;
  /** All counts once it is finished, if the server refuses nothing. */
  counts: Map<string, StoreCounts>;
  newestReceived: number;
  bodies: Body[];
  /** What has to go before the bodies are sent. */
  removals: Removal[];
  /** Series whose newest value has to be asked for once it is sent. */
  vanished: number[];
}

export interface NewBatch extends Pending {
  newest: readonly (readonly [number, Newest])[];
  dirty: Iterable<readonly [hour: number, series: number]>;
}

export function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export function seriesOf(blob: unknown): Int32Array {
  return new Int32Array((blob as Uint8Array).slice().buffer); // written by bytesOf; a copy, so that it is aligned
}

export function textOf(counts: ReadonlyMap<string, StoreCounts>): string {
  return JSON.stringify(Object.fromEntries(counts));
}

export function countsOf(text: unknown): Map<string, StoreCounts> {
  return new Map(Object.entries(JSON.parse(String(text)) as Record<string, StoreCounts>)); // written by us
}
