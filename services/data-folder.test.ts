import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'data-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('semantics: Records evolve (the data folder)', () => {
  test('a second process is told who holds it, and gets it once the first is done', () => {
    const release = openDataFolder(dir);
    const script = `import('${join(import.meta.dirname, 'data-folder.ts')}').then(m => m.openDataFolder(${JSON.stringify(dir)})).catch(e => { console.error(e.message); process.exitCode = 1; })`;
    const second = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(`"pid":${process.pid}`);
    release();
    expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).status).toBe(0);
  });

  test('a newer format is refused in one line, and the lock is given back', () => {
    writeFileSync(join(dir, 'FORMAT'), '99\n');
    expect(() => openDataFolder(dir)).toThrow(/has format 99, this version reads 1[^\n]*$/);
    writeFileSync(join(dir, 'FORMAT'), '1\n');
    openDataFolder(dir)();
  });
});
