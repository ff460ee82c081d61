/** Which port lives in which thread, and who uses it from another: the wires between threads, as data. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';

const THREADS = ['door', 'work', 'store'] as const;
/** `door` is the main thread: broker and append, and nothing else that blocks. */
export type ThreadName = (typeof THREADS)[number];

const WIRES = [
  { service: 'registry', server: 'work', users: ['door'] },
  { service: 'series', server: 'store', users: ['work'] },
  { service: 'door', server: 'door', users: ['work'] },
  /** What all threads together know: metrics, health. */
  { service: 'platform', server: 'door', users: ['work'] },
  /** Start, stop, metrics and health of a thread that is not the main one. */
  { service: 'work', server: 'work', users: ['door'] },
  { service: 'store', server: 'store', users: ['door'] },
] as const;
export type Service = (typeof WIRES)[number]['service'];

/** One thread's ends of the wires. */
export interface Links {
  serves: Partial<Record<Service, MessagePort[]>>;
  uses: Partial<Record<Service, MessagePort>>;
}

export function createLinks(): Record<ThreadName, Links> {
  const links: Record<ThreadName, Links> = {
    door: { serves: {}, uses: {} },
    work: { serves: {}, uses: {} },
    store: { serves: {}, uses: {} },
  };
  for (const { service, server, users } of WIRES) {
    for (const user of users) {
      const { port1, port2 } = new MessageChannel();
      const served = links[server].serves;
      served[service] = [...(served[service] ?? []), port1];
      links[user].uses[service] = port2;
    }
  }
  return links;
}

/** Every port of a thread's links, for handing them over to its worker. */
export function portsOf({ serves, uses }: Links): MessagePort[] {
  return [...Object.values(serves).flat(), ...Object.values(uses)];
}
