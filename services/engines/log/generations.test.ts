import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LmdbLog } from './lmdb-log.ts';
import {
  append,
  block,
  commitOf,
  type House,
  handled,
  openHouse,
  quiet,
  seqs,
  tempDir,
  upTo,
} from './testing/house.ts';

let temp: ReturnType<typeof tempDir>;
beforeEach(() => {
  temp = tempDir();
});
afterEach(() => temp.remove());

describe('moving on to the next generation', () => {
  let house: House;
  let log: LmdbLog;
  beforeEach(async () => {
    house = await openHouse(temp.dir);
    log = house.log;
  });
  afterEach(() => house.close());

  test('streams are read across the seams, from anywhere', async () => {
    await append(log, 'uplinks', 20);
    expect(log.generations.list.length).toBeGreaterThan(10);
    expect(await seqs(log, 'uplinks')).toEqual(upTo(20));
    expect((await log.read('uplinks', { seq: 13, offset: 12 }, 1)).map((b) => b.seq)).toEqual([13]);
    expect(await log.seek('uplinks', 12)).toEqual({ seq: 13, offset: 12 });
    expect(await log.begin('uplinks')).toEqual({ seq: 1, offset: 0 });
  });

  test('those nobody needs are closed, in every thread, and opened again for who does', async () => {
    const mapped = () => {
      const files = readFileSync('/proc/self/maps', 'utf8').split('\n');
      return new Set(files.filter((line) => line.includes(temp.dir)).map((line) => line.split('/').at(-2)));
    };
    const other = new LmdbLog({ dir: temp.dir, logger: quiet, generationBytes: 1e9 });
    await other.start();
    await append(log, 'uplinks', 20);
    expect(await seqs(log, 'uplinks')).toEqual(upTo(20));
    expect(await seqs(other, 'uplinks')).toEqual(upTo(20));
    expect(mapped().size).toBeGreaterThan(10);
    await log.generations.rest(0);
    expect(mapped().size).toBeGreaterThan(10); // the other reader has them
    await other.generations.rest(0);
    expect(mapped().size).toBeLessThanOrEqual(2); // each has what it takes for the newest
    expect(await seqs(log, 'uplinks')).toEqual(upTo(20));
    await append(log, 'uplinks', 3, 20);
    expect(await seqs(other, 'uplinks')).toEqual(upTo(23));
    await other.close();
  });

  test('commits under way when it happens keep their order', async () => {
    const lanes = Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 25; i++) await log.commit(commitOf({ outputs: [block('uplinks', 1000)] }));
    });
    await Promise.all(lanes);
    expect(log.generations.list.length).toBeGreaterThan(5);
    const blocks = await log.read('uplinks', { seq: 1, offset: 0 }, 1e9);
    expect(blocks.map((b) => [b.seq, b.first])).toEqual(upTo(200).map((seq) => [seq, seq - 1]));
  });

  test('a thread that has not noticed cannot write behind the seal', async () => {
    const other = new LmdbLog({ dir: temp.dir, logger: quiet, generationBytes: 1e9 });
    await other.start();
    await append(other, 'acts', 1);
    await append(log, 'uplinks', 5);
    const sealed = log.generations.newest.number;
    await append(other, 'acts', 1, 1);
    expect(other.generations.newest.number).toBeGreaterThanOrEqual(sealed);
    expect(await seqs(log, 'acts')).toEqual([1, 2]);
    await other.close();
  });

  test('two that move on at the same time lose nothing', async () => {
    const other = new LmdbLog({ dir: temp.dir, logger: quiet, generationBytes: 1 });
    await other.start();
    await Promise.all([append(log, 'uplinks', 60), append(other, 'readings', 60)]);
    for (const reader of [log, other]) {
      expect(await seqs(reader, 'uplinks')).toEqual(upTo(60));
      expect(await seqs(reader, 'readings')).toEqual(upTo(60));
    }
    await other.close();
  });

  test('a reader in another thread sees every block in order while generations turn over', async () => {
    const worker = new Worker(new URL('./testing/writer-thread.ts', import.meta.url), {
      workerData: { dir: temp.dir, stream: 'uplinks', blocks: 150, generationBytes: 20_000 },
    });
    const done = new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    const seen: number[] = [];
    const patience = AbortSignal.timeout(15_000);
    while (seen.length < 150) {
      const from = { seq: seen.length + 1, offset: seen.length };
      expect(await log.wait('uplinks', from, 10_000, patience)).toBe(true);
      const [next, ...rest] = await log.read('uplinks', from, 10_000);
      for (const b of [next, ...rest]) if (b) seen.push(b.seq);
      // The thread that reads writes its own position meanwhile, in the same generations.
      await handled(log, 'decode', 'uplinks', { seq: seen.length + 1, offset: seen.length });
    }
    expect(seen).toEqual(upTo(150));
    await done;
    expect(await log.position('decode', 0, 'uplinks')).toEqual({ seq: 151, offset: 150 });
  });

  test('a position and a state entry are found in the newest generation that has them', async () => {
    await handled(log, 'decode', 'uplinks', { seq: 5, offset: 50 });
    await log.commit(
      commitOf({
        stage: 'decode',
        state: new Map([
          ['a', Buffer.from('1')],
          ['b', Buffer.from('1')],
        ]),
      }),
    );
    await append(log, 'uplinks', 3);
    await log.commit(
      commitOf({
        stage: 'decode',
        state: new Map([
          ['a', Buffer.from('2')],
          ['b', undefined],
        ]),
      }),
    );
    await handled(log, 'decode', 'uplinks', { seq: 6, offset: 60 });
    await append(log, 'uplinks', 3);
    expect(await log.position('decode', 0, 'uplinks')).toEqual({ seq: 6, offset: 60 });
    expect(await log.state('decode', 0)).toEqual(new Map([['a', Buffer.from('2')]]));
  });

  test('two writers of one stream are a bug that ends both, not a silent loss', async () => {
    const other = new LmdbLog({ dir: temp.dir, logger: quiet, generationBytes: 1e9 });
    await other.start();
    await append(other, 'acts', 1);
    await expect(
      Promise.all([
        append(log, 'acts', 1),
        log.commit(commitOf({ outputs: [block('acts', 2000)] })),
        append(other, 'acts', 5),
      ]),
    ).rejects.toThrow(/the process must end/);
    await other.close().catch(() => {});
  });
});

describe('carrying positions and state forward', () => {
  test('what is only in sealed generations is copied, so that a start looks in few of them', async () => {
    const house = await openHouse(temp.dir);
    const { log, housekeeper } = house;
    await handled(log, 'decode', 'uplinks', { seq: 5, offset: 50 });
    await log.commit(
      commitOf({
        stage: 'rules',
        state: new Map([
          ['old', Buffer.from('1')],
          ['new', Buffer.from('1')],
          ['gone', Buffer.from('1')],
        ]),
      }),
    );
    await append(log, 'uplinks', 4);
    await log.commit(
      commitOf({
        stage: 'rules',
        state: new Map([
          ['new', Buffer.from('2')],
          ['gone', undefined],
        ]),
      }),
    );
    await append(log, 'uplinks', 4);
    await housekeeper.work();
    expect(log.reader.carriedThrough()).toBe(log.generations.newest.number - 1);
    expect(log.reader.carriers()).toHaveLength(1);
    expect(await log.position('decode', 0, 'uplinks')).toEqual({ seq: 5, offset: 50 });
    expect(await log.state('rules', 0)).toEqual(
      new Map([
        ['old', Buffer.from('1')],
        ['new', Buffer.from('2')],
      ]),
    );
    // And what is written later still wins.
    await log.commit(commitOf({ stage: 'rules', state: new Map([['old', undefined]]) }));
    expect([...(await log.state('rules', 0)).keys()]).toEqual(['new']);
    await house.close();
  });
});
