import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogFailed, Unavailable } from '../model/errors.ts';
import type { Log } from '../model/log.ts';
import type { BackoffTimes } from './backoff.ts';
import { PoisonLimit } from './poison.ts';
import { runStage } from './run-stage.ts';
import { Adder, type Bench, createBench, outputs } from './testing/stage-bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

const one = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const sums = (n: number) => one(n).map((i) => (i * (i + 1)) / 2);

describe('the loop of a stage', () => {
  test('handles what is there and what comes, and stops in order', async () => {
    await bench.append('acts', 1, [1, 2]);
    const stage = new Adder();
    const stop = new AbortController();
    const running = runStage({ log: bench.log, stage, ops: bench.ops, signal: stop.signal });
    await bench.log.wait('alerts', { seq: 1, offset: 0 }, 5000, stop.signal);
    await bench.append('acts', 2, [3]);
    await bench.log.wait('alerts', { seq: 2, offset: 2 }, 5000, stop.signal);
    stop.abort();
    await running;
    expect(await outputs(bench.log)).toEqual([1, 3, 6]);
    expect(await bench.log.position('alerts', 0, 'acts')).toEqual({ seq: 3, offset: 3 });
  });

  test('several streams come in the order of receipt times', async () => {
    for (const at of [10, 30, 50]) await bench.append('acts', at, [at]);
    for (const at of [20, 40, 60]) await bench.append('transitions', at, [at]);
    const seen: number[] = [];
    await bench.drain(new Adder({ reads: ['transitions', 'acts'], before: (n) => seen.push(n) }));
    expect(seen).toEqual([10, 20, 30, 40, 50, 60]);
  });

  test('a tick is handled like any block and moves the position', async () => {
    await bench.append('acts', 1, [1]);
    await bench.append('acts', 2, []);
    await bench.drain(new Adder());
    expect(await bench.log.position('alerts', 0, 'acts')).toEqual({ seq: 3, offset: 1 });
  });

  test('the signal ends a wait at once, and a stage that is never given anything', async () => {
    const stop = new AbortController();
    const running = runStage({ log: bench.log, stage: new Adder(), ops: bench.ops, signal: stop.signal });
    stop.abort();
    await running;
  });

  test('a stage that keeps its own cursor goes on from there, whatever the log says', async () => {
    for (const n of one(5)) await bench.append('acts', n, [n]);
    const seen: number[] = [];
    const stage = Object.assign(new Adder({ before: (n) => seen.push(n) }), {
      position: async () => ({ seq: 4, offset: 3 }),
    });
    await bench.drain(stage);
    expect(seen).toEqual([4, 5]);
  });

  test('metrics: records, what is pending, and freshness as the age of the newest while behind', async () => {
    const { metrics } = bench.ops;
    const stop = new AbortController();
    await bench.append('acts', 1_000_000, one(10));
    let stuck = true;
    const stage = new Adder({
      before: () => {
        if (stuck) throw new Unavailable('database');
      },
    });
    const value = async (metric: { get(): Promise<{ values: { value: number }[] }> }) =>
      (await metric.get()).values[0]?.value;
    const options = { log: bench.log, stage, ops: bench.ops, signal: stop.signal, now: () => 1_060_000 };
    const running = runStage({ ...options, backoff: { firstMs: 1, mostMs: 5 } });
    await expect.poll(() => value(metrics.stagePending), { timeout: 5000 }).toBe(10);
    stuck = false;
    await expect.poll(() => value(metrics.stagePending), { timeout: 5000 }).toBe(0);
    expect(await value(metrics.stageRecords)).toBe(10);
    // Caught up on a stream without ticks: nothing is late.
    expect(await value(metrics.stageFreshness)).toBe(0);
    stop.abort();
    await running;
  });
});

describe('semantics: Exactly once', () => {
  test.each([1, 40, 1000, 1e6])('the outputs are the same whatever the batches are (%d bytes)', async (batchBytes) => {
    for (let i = 0; i < 10; i++)
      await bench.append(
        'acts',
        i,
        one(10).map((n) => i * 10 + n),
      );
    await bench.drain(new Adder({ batchBytes }));
    expect(await outputs(bench.log)).toEqual(sums(100));
  });

  test('something that does not answer for a while changes nothing but the time', async () => {
    for (let i = 0; i < 10; i++)
      await bench.append(
        'acts',
        i,
        one(10).map((n) => i * 10 + n),
      );
    let failures = 0;
    // Half-way through a batch: what it had added by then must not stay.
    const before = (n: number) => {
      if (n % 17 === 0 && failures++ < 8) throw new Unavailable('database');
    };
    await bench.drain(new Adder({ batchBytes: 100, before }));
    expect(failures).toBeGreaterThan(8);
    expect(await outputs(bench.log)).toEqual(sums(100));
    expect((await bench.ops.metrics.stageRetries.get()).values[0]?.value).toBe(8);
    expect(bench.ops.alerts.list()).toEqual([]);
  });

  test('a restart goes on with the state and the position of the last commit', async () => {
    for (let i = 0; i < 4; i++)
      await bench.append(
        'acts',
        i,
        one(10).map((n) => i * 10 + n),
      );
    await bench.drain(new Adder());
    await bench.reopen();
    for (let i = 4; i < 8; i++)
      await bench.append(
        'acts',
        i,
        one(10).map((n) => i * 10 + n),
      );
    await bench.drain(new Adder());
    expect(await outputs(bench.log)).toEqual(sums(80));
  });

  test('stopped while something does not answer, the batch is left for the next start', async () => {
    await bench.append('acts', 1, [1, 2, 3]);
    const stop = new AbortController();
    const before = () => {
      stop.abort();
      throw new Unavailable('database');
    };
    await runStage({ log: bench.log, stage: new Adder({ before }), ops: bench.ops, signal: stop.signal });
    expect(await outputs(bench.log)).toEqual([]);
    await bench.drain(new Adder());
    expect(await outputs(bench.log)).toEqual([1, 3, 6]);
  });

  test('a log that failed ends the loop', async () => {
    await bench.append('acts', 1, [1]);
    const failed = new LogFailed('no space left');
    const log: Log = Object.create(bench.log, { commit: { value: () => Promise.reject(failed) } });
    const signal = new AbortController().signal;
    await expect(runStage({ log: bound(bench.log, log), stage: new Adder(), ops: bench.ops, signal })).rejects.toBe(
      failed,
    );
    expect(bench.ops.alerts.list()[0]?.name).toBe('stage-stopped:alerts');
  });
});

/** The log with some methods replaced; its own keep their private fields. */
function bound(log: Log, replaced: Log): Log {
  return new Proxy(log, {
    get: (target, name) => {
      const own = Object.hasOwn(replaced, name) ? replaced : target;
      const value = Reflect.get(own, name, own);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('semantics: Poison', () => {
  function bug(...numbers: number[]): (n: number) => void {
    return (n) => {
      if (numbers.includes(n)) throw new TypeError(`cannot handle ${n}`);
    };
  }

  test('the record at fault is set aside alone; all others are handled once, in order', async () => {
    for (let i = 0; i < 10; i++)
      await bench.append(
        'acts',
        i,
        one(10).map((n) => i * 10 + n),
      );
    const stage = new Adder({ before: bug(37) });
    await bench.drain(stage);
    expect(stage.poisoned).toMatchObject([{ offset: 36, message: 'cannot handle 37' }]);
    const expected = one(100).map((n) => (n < 37 ? (n * (n + 1)) / 2 : n === 37 ? -1 : (n * (n + 1)) / 2 - 37));
    expect(await outputs(bench.log)).toEqual(expected);
  });

  test('the batch is halved, not taken apart record by record', async () => {
    await bench.append('acts', 1, one(1024));
    const stage = new Adder({ before: bug(700) });
    await bench.drain(stage);
    expect(stage.poisoned).toHaveLength(1);
    expect(stage.batches.length).toBeLessThanOrEqual(10);
  });

  test('the same bug has the same hash, another one another; one alert a stage, however many records', async () => {
    await bench.append('acts', 1, one(60));
    const first = bug(10, 20);
    const stage = new Adder({
      before: (n) => {
        first(n);
        if (n === 30) throw new RangeError('another bug');
      },
    });
    await bench.drain(stage);
    const [a, b, c] = stage.poisoned.map((p) => p.hash);
    expect(a).toMatch(/^[0-9a-f]{16}$/);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
    expect(bench.ops.alerts.list()).toMatchObject([{ name: 'internal-error:alerts', count: 3 }]);
    expect((await bench.ops.metrics.stagePoison.get()).values[0]?.value).toBe(3);
  });

  test('a tick can be at fault too', async () => {
    await bench.append('acts', 1, [1]);
    await bench.append('acts', 2, []);
    const stage = new Adder();
    const handle = stage.handle.bind(stage);
    stage.handle = (batch) => {
      if (batch.some(({ block }) => block.count === 0)) throw new Error('no time');
      return handle(batch);
    };
    await bench.drain(stage);
    expect(stage.poisoned).toMatchObject([{ message: 'no time' }]);
  });

  test('state that cannot be committed is a bug of the batch, not of the log', async () => {
    await bench.append('acts', 1, [1, 2, 3]);
    const stage = new Adder();
    const handle = stage.handle.bind(stage);
    stage.handle = (batch) => ({ ...handle(batch), state: new Map([['k'.repeat(5000), Buffer.alloc(1)]]) });
    await bench.drain(stage);
    expect(stage.poisoned).toHaveLength(3);
  });

  /** Runs the stage with `stopped` for its pauses; ends it when `until` holds. */
  async function follow(stage: Adder, stopped: BackoffTimes, until: () => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const running = runStage({ log: bench.log, stage, ops: bench.ops, signal: stop.signal, stopped });
    try {
      await until();
    } finally {
      stop.abort();
      await running;
    }
  }
  const alert = () => bench.ops.alerts.list().find(({ name }) => name === 'stage-stopped:alerts');
  const position = async () => (await bench.log.position('alerts', 0, 'acts')).offset;

  test('more than a hundred in a minute stop the stage, loudly, with the rest untouched', async () => {
    await bench.append('acts', 1, one(150));
    const stage = new Adder({ before: bug(...one(150)) });
    await follow(stage, { firstMs: 600_000, mostMs: 600_000 }, async () => {
      await expect.poll(alert, { timeout: 5000 }).toBeDefined();
      expect(alert()!.detail).toMatch(/tried again.*more than 100 records set aside in a minute/);
    });
    expect(stage.poisoned).toHaveLength(100);
    expect(await position()).toBe(100);
  });

  test('a stopped stage is tried again with one record at a time, and goes on by itself once the bug is gone', async () => {
    await bench.append('acts', 1, one(150));
    let mended = false;
    const fails = bug(...one(150));
    const before = (n: number) => {
      if (!mended) fails(n);
    };
    const stage = new Adder({ before });
    await follow(stage, { firstMs: 50, mostMs: 50 }, async () => {
      await expect.poll(() => alert()?.count, { timeout: 5000 }).toBeGreaterThanOrEqual(4);
      const tries = alert()!.count;
      // The first stop set a hundred aside; each try after it no more than one.
      expect(stage.poisoned.length).toBeLessThanOrEqual(100 + tries);
      mended = true;
      await expect.poll(position, { timeout: 5000 }).toBe(150);
      await expect.poll(alert, { timeout: 5000 }).toBeUndefined();
    });
    const set = stage.poisoned.length;
    expect(set).toBeLessThan(150);
    expect((await outputs(bench.log)).filter((sum) => sum === -1)).toHaveLength(set);
    expect(await outputs(bench.log)).toHaveLength(150);
  });

  test('a stage that cannot even set a record aside is tried again as well', async () => {
    await bench.append('acts', 1, [1, 2, 3]);
    const stage = new Adder({ before: bug(2) });
    const poison = stage.poison.bind(stage);
    let failures = 3;
    stage.poison = (...args) => {
      if (failures-- > 0) throw new TypeError('another bug');
      return poison(...args);
    };
    await follow(stage, { firstMs: 5, mostMs: 5 }, () => expect.poll(position, { timeout: 5000 }).toBe(3));
    expect(await outputs(bench.log)).toEqual([1, -1, 4]);
    expect(alert()).toBeUndefined();
  });

  test('a minute is any sixty seconds', () => {
    let now = 0;
    const limit = new PoisonLimit(() => now);
    for (let i = 0; i < 100; i++) expect(limit.exceeded()).toBe(false);
    now = 59_999;
    expect(limit.exceeded()).toBe(true);
    now = 119_998;
    expect(limit.exceeded()).toBe(false);
  });

  test('setting aside waits for what does not answer, too', async () => {
    await bench.append('acts', 1, [1, 2, 3]);
    const stage = new Adder({ before: bug(2) });
    const poison = stage.poison.bind(stage);
    let failures = 3;
    stage.poison = (...args) => {
      if (failures-- > 0) throw new Unavailable('database');
      return poison(...args);
    };
    await bench.drain(stage);
    expect(await outputs(bench.log)).toEqual([1, -1, 4]);
  });
});
