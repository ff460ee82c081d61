/**
 * Long work in short steps: deriving a period again, importing history. What a step leaves is saved before the next
 * begins, so a job goes on after a restart where it was, can be watched, and ends soon after somebody cancels it.
 */
import { Unavailable } from '../model/errors.ts';
import type { Ops } from '../ops/ops.ts';
import { Backoff, type BackoffTimes } from './backoff.ts';

export interface JobProgress {
  status: 'running' | 'done' | 'cancelled' | 'failed';
  /** Of `total`, in whatever the job counts. */
  done: number;
  total: number;
  /** Why it failed. */
  error?: string;
}

export interface SavedJob<State> extends JobProgress {
  state: State;
}

/** One step's work and the state the next begins with. Repeated if we stop before it is saved, so it must bear that. */
export type JobStep<State> = (
  state: State,
  signal: AbortSignal,
) => Promise<{ state: State; done: number; total: number; finished: boolean }>;

/** Where a job's state lives between steps; a person cancels by changing `status` there. */
export interface JobStore<State> {
  load(id: string): Promise<SavedJob<State> | undefined>;
  save(id: string, job: SavedJob<State>): Promise<void>;
}

export interface RunJobOptions<State> {
  id: string;
  /** Where it begins when nothing is saved under its id. */
  first: State;
  step: JobStep<State>;
  store: JobStore<State>;
  ops: Ops;
  /** Stops it without ending it: run again, it goes on. */
  signal: AbortSignal;
  backoff?: BackoffTimes;
}

/** Runs the job to its end, or until the signal fires; gives how it then stands. Never throws for the step's sake. */
export async function runJob<State>(options: RunJobOptions<State>): Promise<JobProgress> {
  const { id, first, step, store, ops, signal } = options;
  const backoff = new Backoff(options.backoff);
  let job: SavedJob<State> = { state: first, status: 'running', done: 0, total: 0 };
  while (!signal.aborted) {
    try {
      job = (await store.load(id)) ?? job;
      if (job.status !== 'running') break;
      const { finished, ...rest } = await step(job.state, signal);
      job = { ...rest, status: finished ? 'done' : 'running' };
      await store.save(id, await heedingCancel(store, id, job));
      backoff.reset();
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof Unavailable) {
        if (backoff.attempts === 0) ops.logger.warn({ job: id, err: error }, 'job: waiting to try again');
        await backoff.wait(signal);
        continue;
      }
      ops.logger.error({ job: id, err: error }, 'job failed');
      job = { ...job, status: 'failed', error: error instanceof Error ? error.message : String(error) };
      await store.save(id, job);
      break;
    }
  }
  const { status, done, total, error } = job;
  return error === undefined ? { status, done, total } : { status, done, total, error };
}

/** Cancelled while the step ran: what it did stays counted, and it stays cancelled. */
async function heedingCancel<State>(
  store: JobStore<State>,
  id: string,
  job: SavedJob<State>,
): Promise<SavedJob<State>> {
  const saved = await store.load(id);
  return saved?.status === 'cancelled' ? { ...job, status: 'cancelled' } : job;
}
