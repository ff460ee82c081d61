/** What the runner and its thread say to each other. */
import type { CallResult } from './realm.ts';
import type { SandboxLimits } from './sandbox.ts';

export interface ThreadData {
  limits: SandboxLimits;
  /** One number: which call is running, 0 for none. The watchdog outside reads it. */
  marker: SharedArrayBuffer;
}

/** The thread takes batches now. */
export interface Ready {
  /** `{pid}/task/{tid}` below /proc; `undefined` where there is none. */
  task: string | undefined;
}

/** Long texts in place of many objects: handing those to another thread costs more than reading a frame. */
export interface Batch {
  /** Number of the first call; the others follow. */
  first: number;
  /** Each with its text where the thread does not have it. */
  scripts: { key: string; text?: string }[];
  /** Place of the script of each call. */
  places: Uint16Array;
  /** CallArguments of each call as JSON, a line each. */
  args: string;
}

export type Outcome =
  /** `text`: data as JSON, without warnings or errors. */
  { text: string; ms: number } | { result: CallResult; ms: number } | { stopped: string; ms: number };

export interface BatchDone {
  first: number;
  /** Of each call that gave data and nothing more, that as JSON, a line each; empty lines for the others. */
  texts: string;
  ms: Float32Array;
  /** Of the calls that gave something else, by place. A call in neither was not run: one before it was stopped. */
  others: (readonly [place: number, outcome: Outcome])[];
  /** The thread cannot go on, since the call at this place. */
  broken?: { at: number; why: string };
}

/** JSON has no line breaks of its own. */
export function joinLines(texts: readonly string[]): string {
  return texts.join('\n');
}

export function splitLines(text: string): string[] {
  return text.split('\n');
}
