/** Whether the platform itself sees, asked for again and again: zero alarms of a blind platform must not look calm. */
import { api } from './api.ts';

const EVERY_MS = 15_000;
const health = $state<{ reachable: boolean; failing: string[] }>({ reachable: true, failing: [] });

/** Parts of the platform that do not work. */
export function failing(): readonly string[] {
  return health.failing;
}

export function reachable(): boolean {
  return health.reachable;
}

async function ask(): Promise<void> {
  try {
    const { dependencies } = await api.readiness();
    health.failing = Object.entries(dependencies)
      .filter(([, d]) => !d.ok)
      .map(([name]) => name);
    health.reachable = true;
  } catch {
    health.reachable = false;
  }
}

/** Asks until the returned function is called. */
export function watchHealth(): () => void {
  void ask();
  const timer = setInterval(() => void ask(), EVERY_MS);
  return () => clearInterval(timer);
}
