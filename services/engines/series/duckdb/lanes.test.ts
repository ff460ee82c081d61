/** Questions wait for each other within bounds. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../model/errors.ts';
import { Lane, type LaneOptions } from './lanes.ts';

function lane(options: Partial<LaneOptions> = {}) {
  const log: string[] = [];
  const connection = { interrupt: () => log.push('interrupt'), closeSync: () => log.push('close') };
  // Only these two are called by a lane.
  const connections = [connection as unknown as DuckDBConnection];
  return { lane: new Lane({ connections, queue: 1, waitMs: 1000, runMs: 1000, ...options }), log };
}

/** A question that ends when told. */
function question() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { ask: () => promise, answer: resolve };
}

describe('semantics: Back-pressure', () => {
  it('lets heavy questions wait while the store is behind', async () => {
    const { lane: heavy } = lane();
    heavy.hold(true);
    let answered = false;
    const asked = heavy.run(async () => {
      answered = true;
      return 'now';
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    heavy.hold(false);
    expect(await asked).toBe('now');
  });
});

describe('a lane', () => {
  it('answers one after the other', async () => {
    const { lane: one } = lane();
    const [first, second] = [question(), question()];
    const answers = [one.run(first.ask), one.run(second.ask)];
    second.answer('second');
    first.answer('first');
    expect(await Promise.all(answers)).toEqual(['first', 'second']);
  });

  it('refuses when too many wait, and those who waited too long', async () => {
    const { lane: one } = lane({ waitMs: 5 });
    const first = question();
    const running = one.run(first.ask);
    const waiting = one.run(async () => 'never');
    await expect(one.run(async () => 'never')).rejects.toThrow(Unavailable);
    await expect(waiting).rejects.toThrow(/waited 5 ms/);
    first.answer('done');
    expect(await running).toBe('done');
    expect(await one.run(async () => 'free again')).toBe('free again');
  });

  it('interrupts what takes too long and says so', async () => {
    const interrupted = Promise.withResolvers<never>();
    const connection = { interrupt: () => interrupted.reject(new Error('INTERRUPT')), closeSync() {} };
    const connections = [connection as unknown as DuckDBConnection]; // only these two are called
    const one = new Lane({ connections, queue: 1, waitMs: 10, runMs: 5 });
    await expect(one.run(() => interrupted.promise)).rejects.toThrow(Unavailable);
  });

  it('closes after what runs has ended', async () => {
    const { lane: one, log } = lane();
    const first = question();
    const running = one.run(first.ask);
    const waiting = one.run(async () => 'never');
    const closed = one.close();
    await expect(waiting).rejects.toThrow(/closing/);
    first.answer('ended');
    await closed;
    expect(await running).toBe('ended');
    expect(log).toEqual(['interrupt', 'close']);
  });
});
