import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DirectoryCache } from '../../pipeline/directory-cache.ts';
import { createChangeSignal, watchRegistry } from './change-signal.ts';
import { createDirectorySource, createFeed, forgetDeletions } from './directory.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { createRules } from './rules.ts';
import type { Sql } from './sql.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
let file: string;
let sql: Sql;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'directory-'));
  file = join(folder, 'registry.sqlite');
  sql = openSqlite(file);
  await migrate(sql, MIGRATIONS, async () => {});
});
afterEach(async () => {
  await sql.close();
  await rm(folder, { recursive: true });
});

const rule = (id: string) => ({
  id,
  owner: 'o1',
  version: 1,
  name: { da: '', en: '' },
  appliesTo: {},
  condition: { kind: 'absence' as const },
  severity: 'low' as const,
  outcome: 'alarm' as const,
  to: [],
  sentence: { da: '', en: '' },
  enabled: true,
});

describe('directory: the feed', () => {
  it('forgets old deletions, and then gives everything to whoever asks from before them', async () => {
    const announce = vi.fn();
    const rules = createRules({ sql, feed: createFeed(sql, { announce, close: () => {} }) });
    const source = createDirectorySource(sql);
    for (const id of ['r1', 'r2', 'r3', 'kept']) await rules.put(rule(id));
    const stale = new DirectoryCache(source);
    await stale.refresh();
    await rules.delete('r1');
    const { version: afterFirst } = await source.changes(0);
    await rules.delete('r2');
    await rules.delete('r3');
    await sql.transaction((tx) => forgetDeletions(tx, 2));
    expect((await source.changes(afterFirst)).deleted.map((d) => d.id)).toEqual(['r2', 'r3']);
    expect(await source.changes(afterFirst - 1)).toMatchObject({ full: true });
    await stale.refresh();
    expect([...stale.rules()].map((r) => r.id)).toEqual(['kept']);
    expect(announce).toHaveBeenCalledTimes(7);
  });

  it('announces nothing for what was undone', async () => {
    const announce = vi.fn();
    const feed = createFeed(sql, { announce, close: () => {} });
    const failed = feed.change(async (_, record) => {
      await record('assets', 'a1');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(announce).not.toHaveBeenCalled();
  });
});

describe('directory: news across threads', () => {
  it('reaches a listener in this thread and one in another', async () => {
    const url = new URL('./change-signal.ts', import.meta.url).href;
    const source = `
      import { parentPort, workerData } from 'node:worker_threads';
      import { watchRegistry } from ${JSON.stringify(url)};
      watchRegistry(workerData, () => parentPort.postMessage('heard'));
      parentPort.on('message', () => {});
      parentPort.postMessage('listening');`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: file });
    const messages: unknown[] = [];
    worker.on('message', (message) => messages.push(message));
    await vi.waitFor(() => expect(messages).toEqual(['listening']), { timeout: 4000, interval: 5 });
    const heard = vi.fn();
    const stop = watchRegistry(file, heard);
    const signal = createChangeSignal(file);
    for (let i = 0; i < 10; i++) signal.announce();
    await vi.waitFor(() => expect(messages).toEqual(['listening', 'heard']), { interval: 5 });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), { interval: 5 });
    stop();
    signal.close();
    await worker.terminate();
  });

  it('is not of another registry, and the last of it is told on closing', async () => {
    const other = vi.fn();
    const heard = vi.fn();
    const stops = [watchRegistry(`${file}-other`, other), watchRegistry(file, heard)];
    const signal = createChangeSignal(file);
    signal.announce();
    signal.close();
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), { interval: 5 });
    expect(other).not.toHaveBeenCalled();
    for (const stop of stops) stop();
  });
});
