/** What every engine of the log must do, run on each of them. The words of the port are in services/model/log.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewBlock } from '../../services/model/block.ts';
import { type Commit, type Log, START } from '../../services/model/log.ts';
import { STREAM_NAMES } from '../../services/model/streams.ts';

const never = new AbortController().signal;

function block(overrides: Partial<NewBlock> = {}): NewBlock {
  return { stream: 'uplinks', at: 1000, count: 3, body: Buffer.from('three'), ...overrides };
}

function commit(overrides: Partial<Commit> = {}): Commit {
  return { stage: 'ingest', partition: 0, upTo: {}, outputs: [], state: new Map(), ...overrides };
}

export function logContract(engine: string, open: (dir: string) => Promise<Log>): void {
  describe(`log on ${engine}`, () => {
    let dir: string;
    let log: Log;

    beforeEach(async () => {
      dir = mkdtempSync(join(tmpdir(), 'log-'));
      log = await open(dir);
    });

    afterEach(async () => {
      await log.close();
      rmSync(dir, { recursive: true });
    });

    async function reopen(): Promise<void> {
      await log.close();
      log = await open(dir);
    }

    test('an empty log begins and ends at the start', async () => {
      for (const stream of STREAM_NAMES) {
        expect(await log.begin(stream)).toEqual(START);
        expect(await log.end(stream)).toEqual(START);
        expect(await log.read(stream, START, 1000)).toEqual([]);
        expect(await log.position('decode', 0, stream)).toEqual(START);
      }
      expect(await log.state('decode', 0)).toEqual(new Map());
    });

    test('outputs get their offsets in order, per stream', async () => {
      const outputs = [block(), block({ stream: 'acts', count: 1 }), block({ count: 2 })];
      expect(await log.commit(commit({ outputs }))).toEqual([0, 0, 3]);
      expect(await log.commit(commit({ outputs: [block()] }))).toEqual([5]);
      expect(await log.end('uplinks')).toEqual({ seq: 4, offset: 8 });
      expect(await log.end('acts')).toEqual({ seq: 2, offset: 1 });
    });

    test('blocks are read back as they were written, in order', async () => {
      await log.commit(commit({ outputs: [block(), block({ at: 1001, count: 2, body: Buffer.from('two') })] }));
      const blocks = await log.read('uplinks', START, 1_000_000);
      expect(blocks.map(({ body, ...rest }) => ({ ...rest, body: Buffer.from(body).toString() }))).toEqual([
        { stream: 'uplinks', seq: 1, first: 0, at: 1000, count: 3, body: 'three' },
        { stream: 'uplinks', seq: 2, first: 3, at: 1001, count: 2, body: 'two' },
      ]);
    });

    test('reads stop at about the bytes asked for, and give at least one block', async () => {
      const body = Buffer.alloc(1000);
      await log.commit(commit({ outputs: Array.from({ length: 10 }, () => block({ body })) }));
      expect(await log.read('uplinks', START, 1)).toHaveLength(1);
      expect(await log.read('uplinks', START, 2500)).toHaveLength(3);
      expect((await log.read('uplinks', { seq: 9, offset: 24 }, 1e6)).map((b) => b.seq)).toEqual([9, 10]);
    });

    test('a block without records carries its time and takes no offset', async () => {
      await log.commit(
        commit({ outputs: [block({ count: 0, at: 2000, body: Buffer.alloc(0) }), block({ at: 2001 })] }),
      );
      const [tick, next] = await log.read('uplinks', START, 1e6);
      expect(tick).toMatchObject({ seq: 1, first: 0, count: 0, at: 2000 });
      expect(next).toMatchObject({ seq: 2, first: 0, count: 3 });
    });

    test('commits under way together keep their order', async () => {
      const offsets = await Promise.all(
        Array.from({ length: 50 }, (_, i) => log.commit(commit({ outputs: [block({ at: 1000 + i, count: 1 })] }))),
      );
      expect(offsets.flat()).toEqual(Array.from({ length: 50 }, (_, i) => i));
      const blocks = await log.read('uplinks', START, 1e6);
      expect(blocks.map((b) => [b.seq, b.first])).toEqual(Array.from({ length: 50 }, (_, i) => [i + 1, i]));
    });

    test('receipt times never go backwards within a stream', async () => {
      await log.commit(commit({ outputs: [block({ at: 5000 }), block({ at: 4000 }), block({ at: 6000 })] }));
      const blocks = await log.read('uplinks', START, 1e6);
      expect(blocks.map((b) => b.at)).toEqual([5000, 5000, 6000]);
    });

    test('positions are kept per stage, partition and stream', async () => {
      await log.commit(commit({ stage: 'store', upTo: { readings: { seq: 3, offset: 20 } } }));
      await log.commit(commit({ stage: 'rules', upTo: { readings: { seq: 2, offset: 10 } } }));
      await log.commit(commit({ stage: 'rules', partition: 1, upTo: { readings: { seq: 9, offset: 90 } } }));
      expect(await log.position('store', 0, 'readings')).toEqual({ seq: 3, offset: 20 });
      expect(await log.position('rules', 0, 'readings')).toEqual({ seq: 2, offset: 10 });
      expect(await log.position('rules', 1, 'readings')).toEqual({ seq: 9, offset: 90 });
      expect(await log.position('rules', 0, 'acts')).toEqual(START);
    });

    test('state is kept per stage and partition, changed and deleted by key, found by prefix', async () => {
      const bytes = (text: string) => Buffer.from(text);
      const state = new Map([
        ['a/1', bytes('one')],
        ['a/2', bytes('two')],
        ['b/ø', bytes('')],
      ]);
      await log.commit(commit({ stage: 'rules', state }));
      await log.commit(commit({ stage: 'rule', state: new Map([['s', bytes('another stage')]]) }));
      await log.commit(commit({ stage: 'rules', partition: 1, state: new Map([['p', bytes('another partition')]]) }));
      await log.commit(
        commit({
          stage: 'rules',
          state: new Map([
            ['a/1', undefined],
            ['a/2', bytes('two, changed')],
          ]),
        }),
      );
      const texts = async (stage: string, partition = 0, prefix?: string) =>
        Object.fromEntries(
          [...(await log.state(stage, partition, prefix))].map(([key, value]) => [key, Buffer.from(value).toString()]),
        );
      expect(await texts('rules')).toEqual({ 'a/2': 'two, changed', 'b/ø': '' });
      expect(await texts('rules', 0, 'a/')).toEqual({ 'a/2': 'two, changed' });
      expect(await texts('rules', 0, 'b/')).toEqual({ 'b/ø': '' });
      expect(await texts('rules', 1)).toEqual({ p: 'another partition' });
      expect(await texts('rule')).toEqual({ s: 'another stage' });
    });

    test('a record is found by its offset', async () => {
      for (let i = 0; i < 20; i++) {
        const outputs = [block({ count: 10, at: 1000 + i }), block({ count: 0, at: 1000 + i, body: Buffer.alloc(0) })];
        await log.commit(commit({ outputs }));
      }
      expect(await log.seek('uplinks', 0)).toEqual({ seq: 1, offset: 0 });
      expect(await log.seek('uplinks', 9)).toEqual({ seq: 1, offset: 9 });
      const found = await log.seek('uplinks', 105);
      expect(found?.offset).toBe(105);
      const [holder] = await log.read('uplinks', found ?? START, 1);
      expect(holder).toMatchObject({ first: 100, count: 10 });
      expect(await log.seek('uplinks', 200)).toEqual(await log.end('uplinks'));
      expect(await log.seek('uplinks', 201)).toBeUndefined();
      expect(await log.seek('acts', 5)).toBeUndefined();
    });

    test('waiting ends at once when there is something, when it comes, and at the deadline', async () => {
      expect(await log.wait('uplinks', START, 1, never)).toBe(false);
      const waiting = log.wait('uplinks', START, 10_000, never);
      await log.commit(commit({ outputs: [block()] }));
      expect(await waiting).toBe(true);
      expect(await log.wait('uplinks', START, 10_000, never)).toBe(true);
      expect(await log.wait('uplinks', await log.end('uplinks'), 1, never)).toBe(false);
      const abort = new AbortController();
      const aborted = log.wait('acts', START, 10_000, abort.signal);
      abort.abort();
      expect(await aborted).toBe(false);
    });

    test('stats tell size, disk, commit time and what is not handled', async () => {
      const body = Buffer.alloc(100_000);
      await log.commit(commit({ outputs: [block({ body }), block({ body, at: 1001 })] }));
      const before = await log.stats();
      expect(before.bytes).toBeGreaterThan(200_000);
      expect(before.freeBytes).toBeGreaterThan(0);
      expect(before.totalBytes).toBeGreaterThan(before.freeBytes);
      expect(before.commitP99).toBeGreaterThan(0);
      expect(before.backlogBytes).toBeGreaterThan(0);
      expect(before.damaged).toEqual([]);
      await log.commit(commit({ stage: 'decode', upTo: { uplinks: await log.end('uplinks') } }));
      expect((await log.stats()).backlogBytes).toBe(0);
    });

    test('a closed log says so', async () => {
      await log.close();
      await expect(log.commit(commit())).rejects.toThrow(/closed/);
      await expect(log.read('uplinks', START, 1)).rejects.toThrow(/closed/);
      await reopen();
    });

    describe('semantics: Exactly once', () => {
      test('outputs, positions and state of a commit are there after a restart, and go on from there', async () => {
        await log.commit(
          commit({
            stage: 'decode',
            upTo: { uplinks: { seq: 2, offset: 3 } },
            outputs: [block({ stream: 'readings', count: 7, at: 1234 })],
            state: new Map([['counts', Buffer.from('7')]]),
          }),
        );
        await reopen();
        expect(await log.position('decode', 0, 'uplinks')).toEqual({ seq: 2, offset: 3 });
        expect(Buffer.from((await log.state('decode', 0)).get('counts') ?? []).toString()).toBe('7');
        expect(await log.end('readings')).toEqual({ seq: 2, offset: 7 });
        expect(await log.commit(commit({ outputs: [block({ stream: 'readings', at: 1 })] }))).toEqual([7]);
        expect((await log.read('readings', START, 1e6)).map((b) => b.at)).toEqual([1234, 1234]);
      });

      test('a commit that cannot be written as a whole changes nothing', async () => {
        const state = new Map([['k'.repeat(5000), Buffer.from('too long a key')]]);
        await expect(log.commit(commit({ outputs: [block()], state }))).rejects.toThrow(/key/);
        expect(await log.end('uplinks')).toEqual(START);
        expect(await log.commit(commit({ outputs: [block()] }))).toEqual([0]);
      });
    });
  });
}
