import { describe, expect, test } from 'vitest';
import { Unavailable } from '../model/errors.ts';
import { type JobStep, type JobStore, runJob, type SavedJob } from './run-job.ts';
import { createOps } from './testing/stage-bench.ts';

/** Counts to `total`, a step at a time; what it did is in `done`. */
function counting(total: number, onStep: (at: number) => void = () => {}) {
  const done: number[] = [];
  const saved = new Map<string, SavedJob<number>>();
  const store: JobStore<number> = {
    load: async (id) => structuredClone(saved.get(id)),
    save: async (id, job) => {
      saved.set(id, structuredClone(job));
    },
  };
  const step: JobStep<number> = async (at) => {
    onStep(at);
    done.push(at);
    return { state: at + 1, done: at + 1, total, finished: at + 1 === total };
  };
  const run = (signal = new AbortController().signal) =>
    runJob({ id: 'job', first: 0, step, store, ops: createOps(), signal, backoff: { firstMs: 1, mostMs: 2 } });
  return { done, saved, run };
}

describe('long work', () => {
  test('runs to its end, step by step, and can be watched', async () => {
    const { done, saved, run } = counting(5);
    expect(await run()).toEqual({ status: 'done', done: 5, total: 5 });
    expect(done).toEqual([0, 1, 2, 3, 4]);
    expect(saved.get('job')).toEqual({ status: 'done', state: 5, done: 5, total: 5 });
    expect(await run()).toMatchObject({ status: 'done' });
    expect(done).toHaveLength(5);
  });

  test('goes on after a restart where it was', async () => {
    const stop = new AbortController();
    const { done, run } = counting(5, (at) => {
      if (at === 2) stop.abort();
    });
    expect(await run(stop.signal)).toMatchObject({ status: 'running', done: 3 });
    expect(await run()).toMatchObject({ status: 'done' });
    expect(done).toEqual([0, 1, 2, 3, 4]);
  });

  test('ends after the step at hand when somebody cancels it, and stays so', async () => {
    const job = counting(5, (at) => {
      const saved = job.saved.get('job');
      if (at === 2 && saved) job.saved.set('job', { ...saved, status: 'cancelled' });
    });
    expect(await job.run()).toMatchObject({ status: 'cancelled', done: 3 });
    expect(await job.run()).toMatchObject({ status: 'cancelled' });
    expect(job.done).toEqual([0, 1, 2]);
  });

  test('waits for what does not answer; a bug ends it with the reason', async () => {
    let failures = 3;
    const patient = counting(3, () => {
      if (failures-- > 0) throw new Unavailable('database');
    });
    expect(await patient.run()).toMatchObject({ status: 'done' });
    const broken = counting(3, (at) => {
      if (at === 1) throw new TypeError('a bug');
    });
    expect(await broken.run()).toEqual({ status: 'failed', done: 1, total: 3, error: 'a bug' });
    expect(broken.saved.get('job')).toMatchObject({ status: 'failed', state: 1, error: 'a bug' });
  });
});
