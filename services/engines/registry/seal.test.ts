import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifyTarget } from '../../model/registry.ts';
import { createLogger } from '../../ops/logger.ts';
import { loadSealKey, seal, unseal } from './seal.ts';
import { openSqliteRegistry } from './sqlite-registry.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seal-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('semantics: Secrets', () => {
  it('makes the key on first start, readable by nobody else, and keeps it', async () => {
    const file = join(folder, 'deep', 'key');
    // Two at once: both must end with the same key.
    const [one, two] = await Promise.all([loadSealKey(file), loadSealKey(file)]);
    expect(one).toEqual(two);
    expect(one).toHaveLength(32);
    expect(await loadSealKey(file)).toEqual(one);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['key']);
  });

  it('refuses a key file that is no key, instead of making another', async () => {
    const file = join(folder, 'key');
    await writeFile(file, 'short');
    await expect(loadSealKey(file)).rejects.toThrow(/key file .*5 bytes, a key has 32/);
  });

  it('opens only with the right key, for the right owner, unchanged', () => {
    const key = randomBytes(32);
    const sealed = seal(key, 'target/a', 'hemmeligt æøå');
    expect(unseal(key, 'target/a', sealed)).toBe('hemmeligt æøå');
    expect(seal(key, 'target/a', 'hemmeligt æøå')).not.toBe(sealed);
    expect(unseal(key, 'target/a', seal(key, 'target/a', ''))).toBe('');
    const wrong = /^unsealing the secret of .*: not sealed with this key$/;
    expect(() => unseal(randomBytes(32), 'target/a', sealed)).toThrow(wrong);
    expect(() => unseal(key, 'target/b', sealed)).toThrow(wrong);
    for (const at of [5, 20, sealed.length - 3]) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(() => unseal(key, 'target/a', changed)).toThrow(wrong);
    }
    for (const junk of ['', 'v1.', 'v2.AAAA', sealed.slice(0, 30)]) expect(() => unseal(key, 'x', junk)).toThrow(wrong);
  });

  it('writes no secret of a target to the file in clear', async () => {
    const file = join(folder, 'registry.sqlite');
    const options = { file, sealKey: randomBytes(32), logger: createLogger('silent') };
    const registry = await openSqliteRegistry(options);
    const kind = 'webhook';
    const target: NotifyTarget = {
      id: 't1',
      organisation: 'o1',
      kind,
      address: 'x',
      minimumSeverity: 'low',
      enabled: true,
    };
    await registry.targets.put({ ...target, secret: 'findmehere' });
    await registry.close();
    const db = new DatabaseSync(file, { readOnly: true });
    const stored = JSON.stringify(db.prepare('SELECT * FROM targets').all());
    db.close();
    expect(stored).toContain('"t1"');
    expect(stored).not.toContain('findmehere');
    // With another key the rest of the registry still opens: the restore guide's case.
    const restored = await openSqliteRegistry({ ...options, sealKey: randomBytes(32) });
    expect(await restored.organisations.list({ limit: 1 })).toEqual({ items: [] });
    await expect(restored.targets.get('t1')).rejects.toThrow(/not sealed with this key/);
    await restored.targets.put({ ...target, secret: 'given anew' });
    expect((await restored.targets.get('t1'))?.secret).toBe('given anew');
    await restored.close();
  });
});
