/** Crash: SIGKILL at random moments under load. Nothing acknowledged is lost, nothing is there twice, the books balance. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { eventually, type Platform, register, startPlatform, temporaryFolder } from '../lib/platform.ts';
import type { ChaosDevice } from './generator.ts';

const DEVICES = 12;
/** `distance` may be at most 20 m in mm, so the numbers a device counts through stay below; a crash run is short. */
const MAX_LOAD_MS = 1500;

/** What is in flight at the end is acknowledged well within this; else the generator is ended and the record stands as it is. */
const DRAIN_MS = 30_000;

interface LedgerCounts {
  accepted: number;
  decoded: number;
  rejected: number;
  pending: number;
  values: number;
  stored: number;
  storePending: number;
  readings: number;
  corrections: number;
  duplicates: number;
}

export async function crash(cycles: number): Promise<{ ok: boolean; text: string }> {
  const dir = temporaryFolder();
  mkdirSync(join(dir, 'generator'));
  const port = await freePort();
  const env = { SANSEVAERK_MQTT_PORT: String(port), SANSEVAERK_DEVICE_RATE: 'off' };
  const record = join(dir, 'generator/record');
  const devicesFile = join(dir, 'generator/devices.json');
  writeFileSync(record, '');

  let platform = await startPlatform({ dir, env });
  const ids = Array.from({ length: DEVICES }, (_, i) => `chaos-${i}`);
  const secrets = await register(platform, ids);
  const devices: ChaosDevice[] = ids.map((id, i) => ({
    id,
    secret: secrets.get(id) ?? '',
    timed: i % 2 === 0,
    from: 0,
  }));
  writeFileSync(devicesFile, JSON.stringify(devices));
  const generator = spawn(
    process.execPath,
    [resolve(import.meta.dirname, 'generator.ts'), String(port), record, devicesFile],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const generatorEnded = new Promise<void>((done) => generator.once('exit', () => done()));

  const ready: number[] = [];
  const problems: string[] = [];
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await new Promise((later) => setTimeout(later, Math.random() * MAX_LOAD_MS));
    await platform.kill();
    platform = await startPlatform({ dir, env });
    ready.push(platform.readyMs);
    const ledger = await platform.api<LedgerCounts>('GET', '/ledger');
    const wrong = imbalance(ledger);
    if (wrong) problems.push(`after crash ${cycle}: ${wrong}`);
  }
  generator.kill('SIGTERM');
  const stuck = setTimeout(() => generator.kill('SIGKILL'), DRAIN_MS);
  await generatorEnded;
  clearTimeout(stuck);
  const ledger = await eventually(
    () => platform.api<LedgerCounts>('GET', '/ledger'),
    (l) => l.pending === 0 && l.storePending === 0,
    60_000,
  );
  const wrong = imbalance(ledger);
  if (wrong) problems.push(`at the end: ${wrong}`);
  const { acked, lost, twice, foreign } = await compare(platform, ids, record);
  if (lost.length) problems.push(`${lost.length} acknowledged but not stored: ${lost.slice(0, 5).join(', ')}`);
  if (twice.length) problems.push(`${twice.length} stored more than once: ${twice.slice(0, 5).join(', ')}`);
  if (foreign.length) problems.push(`${foreign.length} stored but never sent: ${foreign.slice(0, 5).join(', ')}`);
  await platform.stop();
  rmSync(dir, { recursive: true, force: true });
  ready.sort((a, b) => a - b);
  const median = ready[Math.floor(ready.length / 2)] ?? 0;
  const text = `${cycles} crashes, ${acked} acknowledged, ${ledger.accepted} accepted, ready median ${Math.round(median)} ms, max ${Math.round(ready.at(-1) ?? 0)} ms`;
  return { ok: problems.length === 0, text: [text, ...problems].join('\n  ') };
}

function imbalance(l: LedgerCounts): string | undefined {
  if (l.accepted !== l.decoded + l.rejected + l.pending)
    return `accepted ≠ decoded + rejected + pending: ${JSON.stringify(l)}`;
  if (l.values !== l.stored + l.storePending) return `values ≠ stored + storePending: ${JSON.stringify(l)}`;
  if (l.stored !== l.readings + l.corrections + l.duplicates)
    return `stored ≠ readings + corrections + duplicates: ${JSON.stringify(l)}`;
  return undefined;
}

/** The generator's record against what the API gives back, as multisets of "device number". */
async function compare(platform: Platform, ids: string[], record: string) {
  const intended = new Set<string>();
  const acked = new Set<string>();
  for (const line of readFileSync(record, 'utf8').split('\n')) {
    if (line.startsWith('i ')) intended.add(line.slice(2));
    else if (line.startsWith('a ')) acked.add(line.slice(2));
  }
  const stored = new Map<string, number>();
  for (const id of ids) {
    for await (const value of valuesOf(platform, id)) {
      const key = `${id} ${value}`;
      stored.set(key, (stored.get(key) ?? 0) + 1);
    }
  }
  return {
    acked: acked.size,
    lost: [...acked].filter((key) => !stored.has(key)),
    twice: [...stored].filter(([, n]) => n > 1).map(([key]) => key),
    foreign: [...stored.keys()].filter((key) => !intended.has(key)),
  };
}

async function* valuesOf(platform: Platform, asset: string): AsyncGenerator<number> {
  const from = new Date(Date.now() - 2 * 86_400_000).toISOString();
  const to = new Date(Date.now() + 86_400_000).toISOString();
  let cursor = '';
  do {
    const page = await platform.api<{ points: [string, number][]; next?: string }>(
      'GET',
      `/assets/${asset}/readings?quantity=distance&from=${from}&to=${to}&limit=100000${cursor}`,
    );
    for (const [, value] of page.points) yield value;
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
  } while (cursor !== '');
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
