/** What a worker thread runs: the thread described by its data, served to the main one. */
import { readlinkSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { constants, getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import type { ThreadSpec } from './thread.ts';

/** Of niceness: the door gets about three times the share of a thread that competes with it, and nobody starves. */
const STEP = 5;

/**
 * Lets the broker's thread go first when there are more busy threads than cores: an acknowledgement waits there, while
 * the log keeps everything else for later. On Linux a thread has a priority of its own, under its id.
 */
function yieldToTheDoor(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').pop());
    setPriority(thread, Math.min(getPriority(thread) + STEP, constants.priority.PRIORITY_LOW));
  } catch {
    // Elsewhere all threads are equal, which is slower under overload and never wrong.
  }
}

yieldToTheDoor();
enableCompileCache(); // before the rest is imported
const { createThread } = await import('./thread.ts');
const { serve } = await import('./engines/remote.ts');
const spec = workerData as ThreadSpec; // made by app.ts
const thread = createThread(spec, (error) => {
  throw error;
});
const ports = spec.name === 'door' ? [] : (spec.links.serves[spec.name] ?? []);
for (const port of ports) serve(port, thread);
