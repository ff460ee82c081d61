/** Tries again what may go better later: exponential backoff with jitter, until a deadline; then the caller is told to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../../model/errors.ts';
import { classify, messageOf } from './failures.ts';

export interface RetryTimes {
  /** Longest wait for one answer, ms. */
  requestMs: number;
  /** How long to go on trying, ms. */
  tryMs: number;
  firstMs: number;
  mostMs: number;
}

export const RETRY: RetryTimes = { requestMs: 10_000, tryMs: 15_000, firstMs: 50, mostMs: 3_000 };

export interface RetryOptions {
  /** What is tried, for the error: "series: unable to write". */
  what: string;
  times: RetryTimes;
  /** Ends it at once: the engine is closing. */
  signal: AbortSignal;
  /** Told of each failure that is tried again, and how long it has been tried by then, ms. */
  onRetry?: (error: unknown, forMs: number) => void;
}

/**
 * Runs `attempt` until it succeeds. A 5xx, 429 (its Retry-After honoured), a timeout and a broken connection are tried
 * again; anything else is thrown as it is.
 * @throws Unavailable when the time is up, the engine closes, or the server is set up wrongly. It has no cause: the reason is
 * in its message, where a cause would have loggers print it a second time with a stack of the transport.
 */
export async function withRetry<T>(attempt: (signal: AbortSignal) => Promise<T>, options: RetryOptions): Promise<T> {
  const { what, times, signal, onRetry } = options;
  const began = performance.now();
  const until = began + times.tryMs;
  for (let n = 0; ; n++) {
    const late = AbortSignal.timeout(times.requestMs);
    try {
      signal.throwIfAborted();
      return await attempt(AbortSignal.any([signal, late]));
    } catch (error) {
      if (signal.aborted) throw new Unavailable(`${what}: closing`);
      // The transport says only that it was aborted.
      const cause = late.aborted ? new Error(`no answer within ${times.requestMs} ms`, { cause: error }) : error;
      const failure = classify(cause);
      if (failure.kind === 'refused') throw cause;
      if (failure.kind === 'setup') throw new Unavailable(`${what}: ${failure.reason}; ${failure.mend}`);
      const backoff = Math.min(times.mostMs, times.firstMs * 2 ** n) * (0.5 + Math.random() / 2);
      const wait = Math.max(failure.afterMs, backoff);
      if (performance.now() + wait >= until) throw new Unavailable(`${what}: ${messageOf(cause)}`);
      onRetry?.(cause, performance.now() - began);
      await sleep(wait, undefined, { signal }).catch(() => {}); // closing is seen above
    }
  }
}
