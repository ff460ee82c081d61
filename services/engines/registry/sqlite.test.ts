import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../../model/errors.ts';
import { createLogger } from '../../ops/logger.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import type { Sql } from './sql.ts';
import { openSqlite } from './sqlite.ts';
import { openSqliteRegistry } from './sqlite-registry.ts';

let folder: string;
let file: string;
let sql: Sql;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlite-'));
  file = join(folder, 'test.sqlite');
  sql = openSqlite(file);
  await sql.run('CREATE TABLE things (id TEXT PRIMARY KEY, n BIGINT)');
});
afterEach(async () => {
  await sql.close();
  await rm(folder, { recursive: true });
});

const count = async (): Promise<number> => (await sql.get<{ n: number }>('SELECT COUNT(*) AS n FROM things'))?.n ?? -1;
const add = (id: string, n = 1) => sql.run('INSERT INTO things (id, n) VALUES ($1, $2)', [id, n]);

describe('sqlite: parameters', () => {
  it('binds by number, in any order and more than once', async () => {
    expect(await sql.get('SELECT $2 AS b, $1 AS a, $2 AS c', ['x', 'y'])).toEqual({ a: 'x', b: 'y', c: 'y' });
    const values = Array.from({ length: 12 }, (_, i) => i);
    expect(await sql.get('SELECT $12 AS l, $1 AS f, $10 AS t, $2,$3,$4,$5,$6,$7,$8,$9,$11', values)).toMatchObject({
      l: 11,
      f: 0,
      t: 9,
    });
  });

  it('keeps times as numbers, and says undefined for no row', async () => {
    await add('t', 1_800_000_000_123);
    expect(await sql.get('SELECT n FROM things')).toEqual({ n: 1_800_000_000_123 });
    expect(await sql.get('SELECT n FROM things WHERE id = $1', ['x'])).toBeUndefined();
    expect(await sql.run('UPDATE things SET n = 1 WHERE id = $1', ['x'])).toBe(0);
  });

  it('names what it was doing when it fails', async () => {
    await add('a');
    await expect(add('a')).rejects.toThrow(/^registry: INSERT INTO things .*UNIQUE/);
    await expect(sql.all('SELECT x FROM absent')).rejects.toThrow(/no such table/);
  });
});

describe('sqlite: transactions', () => {
  it('undoes all of one that throws, and nothing of those beside it', async () => {
    const results = await Promise.allSettled([
      add('before'),
      sql.transaction(async (tx) => {
        await tx.run("INSERT INTO things (id) VALUES ('half')");
        throw new RangeError('changed my mind');
      }),
      add('after'),
    ]);
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'changed my mind' } });
    expect((await sql.all<{ id: string }>('SELECT id FROM things ORDER BY id')).map((r) => r.id)).toEqual([
      'after',
      'before',
    ]);
  });

  it('sees its own writes, while others see them once they are durable', async () => {
    const seen: number[] = [];
    await sql.transaction(async (tx) => {
      await tx.run("INSERT INTO things (id) VALUES ('x')");
      seen.push((await tx.get<{ n: number }>('SELECT COUNT(*) AS n FROM things'))?.n ?? -1);
      seen.push(await count());
    });
    seen.push(await count());
    expect(seen).toEqual([1, 0, 1]);
  });

  it('is on disk for another reader when it resolves', async () => {
    await add('x');
    const other = new DatabaseSync(file, { readOnly: true });
    expect(other.prepare('SELECT id FROM things').all()).toHaveLength(1);
    other.close();
  });

  it('tells every caller of a group that could not begin, and works again after', async () => {
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE'); // holds the write lock longer than the driver waits
    const results = await Promise.allSettled([add('a'), add('b')]);
    other.exec('ROLLBACK');
    other.close();
    for (const result of results) expect(result).toMatchObject({ reason: expect.any(Unavailable) });
    await add('a');
    expect(await count()).toBe(1);
  });

  it('gives other work of the thread its turn between groups', async () => {
    let turns = 0;
    let on = true;
    const tick = (): void => {
      turns++;
      if (on) setImmediate(tick);
    };
    setImmediate(tick);
    await Promise.all(Array.from({ length: 640 }, (_, i) => add(`t${i}`)));
    on = false;
    expect(turns).toBeGreaterThan(3);
    expect(await count()).toBe(640);
  });

  it('takes a bounded number of waiting writes', async () => {
    const calls = Array.from({ length: 10_050 }, (_, i) => add(`t${i}`));
    const refused = (await Promise.allSettled(calls)).filter((r) => r.status === 'rejected');
    expect(refused).toHaveLength(50);
    expect(refused[0]).toMatchObject({ reason: expect.any(Unavailable) });
    expect(await count()).toBe(10_000);
  });
});

describe('sqlite: snapshots', () => {
  it('sees one moment, while writes go on beside it and other reads wait to see them', async () => {
    let written: Promise<unknown> = Promise.resolve();
    const inside = await sql.snapshot(async (tx) => {
      const first = await tx.all('SELECT id FROM things');
      written = add('meanwhile');
      await written;
      return [first.length, (await tx.all('SELECT id FROM things')).length];
    });
    expect(inside).toEqual([0, 0]);
    expect(await count()).toBe(1);
  });

  it('takes turns with others, also when one fails', async () => {
    const length = (tx: Parameters<Parameters<Sql['snapshot']>[0]>[0]) => tx.all('SELECT 1').then((r) => r.length);
    const results = await Promise.allSettled([
      sql.snapshot(length),
      sql.snapshot(async () => {
        throw new Error('no');
      }),
      sql.snapshot(length),
      sql.get('SELECT 1 AS one'),
    ]);
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });
});

describe('semantics: Records evolve', () => {
  const steps = [
    { name: 'one', statements: ['CREATE TABLE one (id TEXT)'] },
    { name: 'two', statements: ['CREATE TABLE two (id TEXT)', "INSERT INTO two (id) VALUES ('x')"] },
  ];
  const noBackup = async (): Promise<void> => expect.fail('there was nothing to save');

  it('runs each step once, and saves older tables under their version before', async () => {
    await migrate(sql, steps.slice(0, 1), noBackup);
    await migrate(sql, steps.slice(0, 1), noBackup);
    const saved: number[] = [];
    await migrate(sql, steps, async (version) => {
      saved.push(version);
      await sql.backup(join(folder, 'saved.sqlite'));
    });
    await migrate(sql, steps, noBackup);
    expect(saved).toEqual([1]);
    expect(await sql.all('SELECT version, name FROM migrations ORDER BY version')).toEqual([
      { version: 1, name: 'one' },
      { version: 2, name: 'two' },
    ]);
    const copy = new DatabaseSync(join(folder, 'saved.sqlite'), { readOnly: true });
    expect(copy.prepare("SELECT name FROM sqlite_master WHERE name IN ('one', 'two')").all()).toEqual([
      { name: 'one' },
    ]);
    copy.close();
  });

  it('leaves nothing of a step that fails', async () => {
    const broken = [{ name: 'broken', statements: ['CREATE TABLE half (id TEXT)', 'CREATE TABLE half (id TEXT)'] }];
    await expect(migrate(sql, broken, noBackup)).rejects.toThrow(/half/);
    expect(await sql.all("SELECT name FROM sqlite_master WHERE name = 'half'")).toEqual([]);
    await migrate(sql, steps, noBackup);
  });

  it('refuses tables of a newer version, and leaves the file as it was', async () => {
    const options = { file: join(folder, 'r.sqlite'), sealKey: Buffer.alloc(32), logger: createLogger('silent') };
    await (await openSqliteRegistry(options)).close();
    const db = new DatabaseSync(options.file);
    db.exec(`INSERT INTO migrations (version, name, applied_at) VALUES (${MIGRATIONS.length + 1}, 'future', 0)`);
    db.close();
    await expect(openSqliteRegistry(options)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('made by a newer version') },
    });
    // Closed properly: no write-ahead log is left beside it.
    expect((await readdir(folder)).filter((name) => name.startsWith('r.sqlite'))).toEqual(['r.sqlite']);
  });
});
