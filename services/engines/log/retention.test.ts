import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STREAMS } from '../../model/streams.ts';
import { LmdbLog } from './lmdb-log.ts';
import { append, handled, handledByAll, openHouse, quiet, seqs, tempDir, upTo } from './testing/house.ts';

let temp: ReturnType<typeof tempDir>;
beforeEach(() => {
  temp = tempDir();
});
afterEach(() => temp.remove());

describe('semantics: Retention', () => {
  test('what a stage has not handled is never deleted, however old and however large', async () => {
    const house = await openHouse(temp.dir, { retentionMs: 0, maxBytes: 0 });
    await append(house.log, 'uplinks', 10);
    await house.housekeeper.work();
    expect(await seqs(house.log, 'uplinks')).toEqual(upTo(10));
    await house.close();
  });

  test('every reader of a stream must have passed', async () => {
    const house = await openHouse(temp.dir, { retentionMs: 0, maxBytes: 0 });
    await append(house.log, 'readings', 10);
    await handled(house.log, 'store', 'readings');
    await handled(house.log, 'rules', 'readings', { seq: 4, offset: 3 });
    await house.housekeeper.work();
    expect(STREAMS.readings.readers).toEqual(['store', 'rules']);
    expect((await seqs(house.log, 'readings')).slice(-7)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    await house.close();
  });

  test('handled is not enough: it must be older than the retention, or the log too large', async () => {
    const house = await openHouse(temp.dir, { retentionMs: 60_000, maxBytes: 1e12 });
    await append(house.log, 'uplinks', 10);
    await handled(house.log, 'decode', 'uplinks');
    await house.housekeeper.work();
    expect(await seqs(house.log, 'uplinks')).toEqual(upTo(10));
    await house.close();

    const smaller = await openHouse(temp.dir, { retentionMs: 60_000, maxBytes: 200_000 });
    await smaller.housekeeper.work();
    const { bytes } = await smaller.log.stats();
    expect(bytes).toBeLessThanOrEqual(200_000);
    expect((await smaller.log.begin('uplinks')).seq).toBeGreaterThan(1);
    await smaller.close();
  });

  test('positions, state and the ends of streams outlive the generations they were written in', async () => {
    const house = await openHouse(temp.dir, { retentionMs: 0, maxBytes: 0 });
    const { log, housekeeper } = house;
    await append(log, 'uplinks', 10);
    await append(log, 'acts', 3);
    await log.commit({
      stage: 'decode',
      partition: 0,
      upTo: { uplinks: await log.end('uplinks') },
      outputs: [],
      state: new Map([['k', Buffer.from('v')]]),
    });
    await handledByAll(log, 'acts');
    await append(log, 'orders', 2);
    await housekeeper.work();
    await housekeeper.work();
    expect(existsSync(join(temp.dir, 'g-00000001'))).toBe(false);
    expect(await seqs(log, 'uplinks')).toEqual([]);
    await house.close();

    const again = await openHouse(temp.dir);
    expect(await again.log.position('decode', 0, 'uplinks')).toEqual({ seq: 11, offset: 10 });
    expect(await again.log.state('decode', 0)).toEqual(new Map([['k', Buffer.from('v')]]));
    expect(await again.log.end('uplinks')).toEqual({ seq: 11, offset: 10 });
    expect(await again.log.begin('uplinks')).toEqual({ seq: 11, offset: 10 });
    expect(
      await again.log.commit({
        stage: 'x',
        partition: 0,
        upTo: {},
        outputs: [{ stream: 'acts', at: 1, count: 1, body: Buffer.alloc(1) }],
        state: new Map(),
      }),
    ).toEqual([3]);
    // Nor do receipt times start again.
    expect((await again.log.read('acts', { seq: 1, offset: 0 }, 1e6)).map((b) => b.at)).toEqual([1002]);
    await again.close();
  });

  test('a thread that reads from a removed generation goes on in what is left', async () => {
    const house = await openHouse(temp.dir, { retentionMs: 0, maxBytes: 0 });
    const reader = new LmdbLog({ dir: temp.dir, logger: quiet, generationBytes: 1 });
    await reader.start();
    await append(house.log, 'uplinks', 10);
    expect(await seqs(reader, 'uplinks')).toEqual(upTo(10));
    await handled(house.log, 'decode', 'uplinks', { seq: 8, offset: 7 });
    await append(house.log, 'uplinks', 1, 10);
    await house.housekeeper.work();
    expect((await seqs(reader, 'uplinks')).at(-1)).toBe(11);
    expect((await seqs(house.log, 'uplinks'))[0]).toBeGreaterThan(4);
    await reader.close();
    await house.close();
  });

  test('a thread that was idle until the generation it wrote to was removed writes on', async () => {
    const house = await openHouse(temp.dir, { retentionMs: 0, maxBytes: 0 });
    const idle = new LmdbLog({ dir: temp.dir, logger: quiet, generationBytes: 1e9 });
    await idle.start();
    await append(idle, 'acts', 1);
    await append(house.log, 'uplinks', 5);
    await handledByAll(house.log, 'acts');
    await handledByAll(house.log, 'uplinks');
    await house.housekeeper.work();
    await house.housekeeper.work();
    expect(existsSync(join(temp.dir, 'g-00000001'))).toBe(false);
    await append(idle, 'acts', 1);
    expect(await seqs(house.log, 'acts')).toEqual([2]);
    expect(await house.log.end('acts')).toEqual({ seq: 3, offset: 2 });
    await idle.close();
    await house.close();
  });
});
