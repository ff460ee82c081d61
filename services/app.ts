/** The composition root: three threads, the wires between them, one start and one stop. */
import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Cleanup } from './cleanup.ts';
import type { Config } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { remote, serve } from './engines/remote.ts';
import { createLinks, portsOf, type ThreadName } from './links.ts';
import type { Platform, Started } from './parts.ts';
import { ROLES, type Role } from './roles.ts';
import { createThread, type Health, type ThreadControl, type ThreadSpec } from './thread.ts';

export interface App {
  /** Resolves when everything runs. */
  start(): Promise<Started>;
  /** Stops in order and loses nothing; resolves when the data folder is free. */
  stop(): Promise<void>;
  /** Rejects when something ended that the process cannot go on without. */
  readonly failed: Promise<never>;
}

const CONTROL_MS = 120_000;
const WORKERS = ['store', 'work'] as const satisfies ThreadName[];

export function createApp(config: Config, roles: readonly Role[]): App {
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  failed.catch(() => {}); // whoever holds the app decides; nobody has to
  const links = createLinks();
  const rolesOf = (thread: ThreadName) => roles.filter((role) => ROLES[role].thread === thread);
  const spec = (name: ThreadName): ThreadSpec => ({ name, roles: rolesOf(name), config, links: links[name] });

  const door = createThread(spec('door'), fail);
  const controls = WORKERS.map((name) => {
    const port = links.door.uses[name];
    if (!port) throw new Error(`no wire to the thread ${name}`);
    return { name, control: remote<ThreadControl>(port, { timeoutMs: CONTROL_MS }) };
  });
  const all = [{ name: 'door', control: door as ThreadControl }, ...controls];
  const platform: Platform = {
    metrics: () => Promise.all(all.map(({ control }) => control.metrics())),
    readiness: async () => {
      const healths = await Promise.all(all.map(({ control }) => control.health()));
      return Object.assign({}, ...healths) as Health; // names of roles differ between threads
    },
  };
  for (const port of links.door.serves.platform ?? []) serve(port, platform);

  const cleanup = new Cleanup();
  let stopping = false;
  return {
    failed,
    async start() {
      mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
      cleanup.add('data folder', openDataFolder(config.dataDir));
      cleanup.add('log', () => door.close());
      for (const { name, control } of controls) {
        const worker = startWorker(spec(name), links, (error) => {
          if (!stopping) fail(error); // at the end they are ended by us
        });
        cleanup.add(`thread ${name} ended`, async () => void (await worker.terminate()));
        cleanup.add(`thread ${name}`, async () => {
          await control.stop();
          await control.close();
        });
      }
      // Added last, so the door closes first: nothing is accepted any more while the rest finishes what it has.
      cleanup.add('door', () => door.stop());
      await Promise.all(all.map(({ control }) => control.open()));
      const started = await Promise.all(all.map(({ control }) => control.start()));
      return Object.assign({}, ...started) as Started; // each address comes from one thread
    },
    stop() {
      stopping = true;
      return cleanup.run(door.ops.logger, 30_000);
    },
  };
}

function startWorker(spec: ThreadSpec, links: ReturnType<typeof createLinks>, onFatal: (error: Error) => void): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: spec.name,
    workerData: spec,
    transferList: portsOf(links[spec.name]),
  });
  worker.on('error', (error) => onFatal(new Error(`the thread ${spec.name} failed`, { cause: error })));
  worker.on('exit', (code) => onFatal(new Error(`the thread ${spec.name} ended with ${code}`)));
  return worker;
}
