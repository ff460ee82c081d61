/** Sends a real data set to a running platform over MQTT and compares the platform's ledger with what must come out. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '../http/api-client.ts';
import { register } from '../http/register.ts';
import { runDevices } from '../mqtt/run-devices.ts';
import type { Step } from '../step.ts';
import { createClock } from '../world/clock.ts';
import { aarhus } from './aarhus.ts';
import { parseCsv } from './csv.ts';
import type { Dataset, Expected, Replay } from './dataset.ts';
import { dtu } from './dtu.ts';
import { edinburgh } from './edinburgh.ts';

export const datasets: readonly Dataset[] = [edinburgh, dtu, aarhus];

/** The rows of a data set as messages, moved by whole weeks to end before `now`. */
export async function loadReplay(dataset: Dataset, now: number): Promise<Replay> {
  const url = new URL(`../../data/real/${dataset.file}`, import.meta.url);
  return dataset.build(parseCsv(await readFile(url, 'utf8')), now);
}

export interface ReplayOptions {
  dataset: Dataset;
  apiUrl: string;
  mqttUrl: string;
  adminToken: string;
  signal?: AbortSignal;
  /** How long the platform may take to handle what it acknowledged; default 60 s. */
  settleMs?: number;
  onProblem?(device: string, error: Error): void;
}

export interface ReplayResult {
  expected: Expected;
  acked: number;
  /** The owner's ledger: what it grew by during the replay. */
  ledger: Record<LedgerCount, number>;
  /** Counts that are not as expected; empty when every row is accounted for. */
  differences: string[];
}

const COUNTS = [
  'accepted',
  'decoded',
  'rejected',
  'pending',
  'values',
  'stored',
  'storePending',
  'readings',
  'corrections',
  'duplicates',
] as const;
type LedgerCount = (typeof COUNTS)[number];

/** Counts are compared only on a platform that has not seen this data set: a second replay gives duplicates alone. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { dataset, apiUrl, mqttUrl, adminToken, signal, settleMs = 60_000, onProblem } = options;
  const api = createApiClient({ apiUrl, token: adminToken, ...(signal ? { signal } : {}) });
  const { owner, registration, messages, expected } = await loadReplay(dataset, Date.now());
  const secrets = await register(api, registration);
  const ledger = async (): Promise<Record<LedgerCount, number>> => readCounts(await api.get(`/ledger?owner=${owner}`));
  const before = await ledger();

  const queues = Map.groupBy(messages, (m) => m.device); // order is kept within a device, where it matters
  const { acked } = await runDevices({
    url: mqttUrl,
    devices: [...queues].map(([id, queue]) => ({ id, secret: secrets.get(id) ?? '', steps: queue.map(asStep) })),
    clock: createClock({ start: 0, speed: Number.POSITIVE_INFINITY }),
    status: false, // a birth would be an uplink that no row stands for
    maxConnections: 200,
    ...(signal ? { signal } : {}),
    ...(onProblem ? { onProblem } : {}),
  });

  const deadline = performance.now() + settleMs;
  for (;;) {
    const now = await ledger();
    const grown = readCounts(Object.fromEntries(COUNTS.map((count) => [count, now[count] - before[count]])));
    const settled = grown.accepted >= acked && now.pending === 0 && now.storePending === 0;
    if (settled || performance.now() > deadline) {
      return { expected, acked, ledger: grown, differences: differences(expected, grown) };
    }
    await sleep(200, undefined, { signal });
  }
}

function asStep({ payload }: { payload: string }): Step {
  return { kind: 'publish', at: 0, payload };
}

function differences(expected: Expected, ledger: Record<LedgerCount, number>): string[] {
  const pairs: [LedgerCount, number][] = [
    ['accepted', expected.uplinks],
    ['decoded', expected.decoded],
    ['rejected', expected.rejected],
    ['values', expected.values],
    ['readings', expected.readings],
    ['corrections', expected.corrections],
    ['duplicates', expected.duplicates],
    ['pending', 0],
    ['storePending', 0],
  ];
  return pairs
    .filter(([name, count]) => ledger[name] !== count)
    .map(([name, count]) => `${name}: ${ledger[name]}, expected ${count}`);
}

function readCounts(answer: unknown): Record<LedgerCount, number> {
  if (typeof answer !== 'object' || answer === null) throw new Error('ledger: the platform answered something else');
  const body = answer as Record<string, unknown>; // an object; each member is checked below
  return Object.fromEntries(
    COUNTS.map((name) => {
      const value = body[name];
      if (typeof value !== 'number') throw new Error(`ledger: the platform answered without ${name}`);
      return [name, value];
    }),
  ) as Record<LedgerCount, number>; // one entry for each of COUNTS
}
