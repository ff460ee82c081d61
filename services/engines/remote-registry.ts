/** The registry of another thread: calls travel, changes are heard here. */
import type { MessagePort } from 'node:worker_threads';
import type { Registry } from '../model/registry.ts';
import { watchRegistry } from './registry/change-signal.ts';
import { remote } from './remote.ts';

/** `file` is the registry's, by which its changes are announced. `close` closes the port, never the registry. */
export function remoteRegistry(port: MessagePort, { file, timeoutMs }: { file: string; timeoutMs: number }): Registry {
  return remote<Registry>(port, {
    timeoutMs,
    // When thousands of devices come at once, each secret used for the first time is a call.
    maxInFlight: 10_000,
    local: { watch: (listener) => watchRegistry(file, listener), close: async () => port.close() },
  });
}
