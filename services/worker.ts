/** What a worker thread runs: the thread described by its data, served to the main one. */
import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { ThreadSpec } from './thread.ts';

enableCompileCache(); // before the rest is imported
const { createThread } = await import('./thread.ts');
const { serve } = await import('./engines/remote.ts');
const spec = workerData as ThreadSpec; // made by app.ts
const thread = createThread(spec, (error) => {
  throw error;
});
const ports = spec.name === 'door' ? [] : (spec.links.serves[spec.name] ?? []);
for (const port of ports) serve(port, thread);
