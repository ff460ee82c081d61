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

export interface Batch {
  /** Number of the first call; the others follow. */
  first: number;
  /** Each with its text where the thread does not have it. */
  scripts: { key: string; text?: string }[];
  calls: { script: number; args: string }[];
}

export type Outcome =
  /** `text`: data as JSON, without warnings or errors. */
  { text: string; ms: number } | { result: CallResult; ms: number } | { stopped: string; ms: number };

export interface BatchDone {
  first: number;
  /** At the place of its call; those missing were not run: a call before them was stopped. */
  outcomes: (Outcome | undefined)[];
  /** The thread cannot go on, since the call at this place. */
  broken?: { at: number; why: string };
}
