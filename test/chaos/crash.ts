/** Crash: SIGKILL at random moments under load. Nothing acknowledged is lost, nothing is there twice, the books balance. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { eventually, startPlatform, temporaryFolder } from '../lib/platform.ts';
import { compare, faultsOf, imbalance, type LedgerCounts } from './books.ts';
import { startFleet } from './fleet.ts';

/** `distance` may be at most 20 m in mm, so the numbers a device counts through stay below; a crash run is short. */
const MAX_LOAD_MS = 1500;

export interface CrashOptions {
  cycles: number;
  /** Configuration of the platform, where it is not all embedded. */
  env?: Record<string, string>;
  /** Messages a second of each device; as many as are acknowledged when absent. */
  rate?: number;
  /** Troubles what stands beside the platform while it is killed and comes back; called at the beginning of each cycle. */
  trouble?: (cycle: number) => Promise<void>;
  /** Ends the trouble. */
  calm?: () => Promise<void>;
}

export async function crash({
  cycles,
  env,
  rate,
  trouble,
  calm,
}: CrashOptions): Promise<{ ok: boolean; text: string }> {
  const dir = temporaryFolder();
  const port = await freePort();
  const environment = { ...env, SANSEVAERK_MQTT_PORT: String(port), SANSEVAERK_DEVICE_RATE: 'off' };
  let platform = await startPlatform({ dir, env: environment });
  const fleet = await startFleet({ platform, dir, ...(rate === undefined ? {} : { rate }) });

  const ready: number[] = [];
  const problems: string[] = [];
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await trouble?.(cycle);
    await new Promise((later) => setTimeout(later, Math.random() * MAX_LOAD_MS));
    await platform.kill();
    platform = await startPlatform({ dir, env: environment });
    ready.push(platform.readyMs);
    const ledger = await platform.api<LedgerCounts>('GET', '/ledger');
    const wrong = imbalance(ledger);
    if (wrong) problems.push(`after crash ${cycle}: ${wrong}`);
  }
  await calm?.();
  await fleet.stop();
  const ledger = await eventually(
    () => platform.api<LedgerCounts>('GET', '/ledger'),
    (l) => l.pending === 0 && l.storePending === 0,
    60_000,
  );
  const wrong = imbalance(ledger);
  if (wrong) problems.push(`at the end: ${wrong}`);
  const comparison = await compare(platform, fleet.ids, fleet.record);
  problems.push(...faultsOf(comparison));
  await platform.stop();
  rmSync(dir, { recursive: true, force: true });
  ready.sort((a, b) => a - b);
  const median = ready[Math.floor(ready.length / 2)] ?? 0;
  const text = `${cycles} crashes, ${comparison.acked} acknowledged, ${ledger.accepted} accepted, ready median ${Math.round(median)} ms, max ${Math.round(ready.at(-1) ?? 0)} ms`;
  return { ok: problems.length === 0, text: [text, ...problems].join('\n  ') };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
