/**
 * The two kinds of expected failure, and the one that ends the process. Anything else is a bug and is treated as one by
 * `pipeline/run-stage.ts`.
 * Retry policy lives in that one loop; whoever throws only says which kind it is.
 */

/** The input itself is at fault: repeating it cannot help. `code` is stable and published. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Something we depend on does not answer now: the same input is tried again, with backoff. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The log could not write. Final: its pages are never trusted again, so the process must end and start anew. */
export class LogFailed extends Error {
  override readonly name = 'LogFailed';
}
