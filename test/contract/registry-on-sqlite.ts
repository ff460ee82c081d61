/** A registry on SQLite in a folder of its own, for the contract suite. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteRegistry } from '../../services/engines/registry/sqlite-registry.ts';
import type { Registry } from '../../services/model/registry.ts';
import { createLogger } from '../../services/ops/logger.ts';
import type { RegistryUnderTest } from './registry.ts';

/** `seenAs` is how the test gets to it: itself, or through a port. */
export async function onSqlite(
  seenAs: (registry: Registry, file: string) => Registry = (real) => real,
): Promise<RegistryUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const file = join(folder, 'registry.sqlite');
  const options = { file, sealKey: randomBytes(32), logger: createLogger('silent') };
  let real = await openSqliteRegistry(options);
  let seen = seenAs(real, file);
  const close = async (): Promise<void> => {
    await seen.close();
    await real.close();
  };
  return {
    registry: seen,
    reopen: async () => {
      await close();
      real = await openSqliteRegistry(options);
      seen = seenAs(real, file);
      return seen;
    },
    remove: async () => {
      await close();
      await rm(folder, { recursive: true });
    },
  };
}
