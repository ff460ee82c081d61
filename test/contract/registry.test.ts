import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { openSqliteRegistry } from '../../services/engines/registry/sqlite-registry.ts';
import { serve } from '../../services/engines/remote.ts';
import { remoteRegistry } from '../../services/engines/remote-registry.ts';
import type { Registry } from '../../services/model/registry.ts';
import { createLogger } from '../../services/ops/logger.ts';
import { type RegistryUnderTest, registryContract } from './registry.ts';

/** `seenAs` is how the test gets to it: itself, or through a port. */
async function onSqlite(seenAs: (registry: Registry, file: string) => Registry): Promise<RegistryUnderTest> {
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

registryContract('registry on SQLite', () => onSqlite((registry) => registry));

registryContract('registry on SQLite, from another thread', () =>
  onSqlite((registry, file) => {
    const { port1, port2 } = new MessageChannel();
    serve(port1, registry);
    return remoteRegistry(port2, { file, timeoutMs: 5000 });
  }),
);
