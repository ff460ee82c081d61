import { MessageChannel } from 'node:worker_threads';
import { serve } from '../../services/engines/remote.ts';
import { remoteRegistry } from '../../services/engines/remote-registry.ts';
import { registryContract } from './registry.ts';
import { onSqlite } from './registry-on-sqlite.ts';

registryContract('registry on SQLite, from another thread', () =>
  onSqlite((registry, file) => {
    const { port1, port2 } = new MessageChannel();
    serve(port1, registry);
    return remoteRegistry(port2, { file, timeoutMs: 5000 });
  }),
);
