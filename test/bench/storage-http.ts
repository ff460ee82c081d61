/** Storage as a user meets it: a hundred million readings, three questions over HTTP, bytes on disk, and both at once. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform, temporaryFolder } from '../lib/platform.ts';
import { type History, loadHistory, startOf } from './lib/load-history.ts';
import { LoadedPlatform } from './lib/loaded-platform.ts';
import type { LoadResult } from './lib/mqtt-load.ts';
import { READING_VALUES } from './lib/reading-template.ts';
import {
  type BenchContext,
  type Benchmark,
  type Count,
  judged,
  quantile,
  type Result,
  round,
  spread,
} from './lib/result.ts';
import { random, seriesRefs } from './lib/series-generator.ts';

const ASSETS = 10_000;
const DAY = 86_400_000;
const DEVICES = 20;
const CLIENTS = 4;
const RATE = 5_000;

type Ask = () => Promise<void>;
type Questions = Record<'asset-month' | 'latest' | 'type-month', Ask>;

export const storage: Benchmark = async (context) => {
  const { quick, say, storageDir } = context;
  const history: History = {
    rows: quick ? 10_000_000 : 100_000_000,
    assets: ASSETS,
    end: Math.floor(Date.now() / DAY) * DAY,
  };
  const dir = storageDir ?? temporaryFolder();
  try {
    const took = await loadHistory(join(dir, 'data'), history);
    say(
      `storage: ${history.rows.toLocaleString('en')} readings in ${took.loading.toFixed(0)} s, compacted in ${took.compacting.toFixed(0)} s`,
    );
    const loaded = await LoadedPlatform.start(DEVICES, { dir });
    try {
      await registerAssets(loaded.platform);
      return await measure(loaded, history, context);
    } finally {
      await loaded.platform.stop();
    }
  } finally {
    if (storageDir === undefined) rmSync(dir, { recursive: true, force: true });
  }
};

async function measure(loaded: LoadedPlatform, history: History, context: BenchContext): Promise<Result[]> {
  const { quick, say } = context;
  const {
    platform,
    platform: { dir },
  } = loaded;
  const { readings: before } = await loaded.ledger();
  const count: Count = { acked: history.rows, stored: before, queryable: await queryable(platform, history) };
  const bytes = bytesIn(join(dir, 'data'), 'log') / history.rows;
  say(`storage: ${bytes.toFixed(2)} bytes a reading`);
  const questions = await makeQuestions(platform, history);
  const rows = `${history.rows.toLocaleString('en')} readings of ${ASSETS.toLocaleString('en')} assets`;
  const results = [
    judged({
      id: 'storage-bytes',
      what: `whole data folder without the log after compaction, ${rows}`,
      unit: 'bytes/reading',
      ours: spread([bytes]),
      peer: null,
      ratio: null,
      count,
      target: { of: 'ours', atMost: 5 },
      details: {},
    }),
  ];
  const timed = [
    { id: 'asset-month', what: "one asset's month, hourly avg, min, max", times: quick ? 100 : 300, atMost: 30 },
    { id: 'latest', what: 'latest value of every asset', times: quick ? 20 : 50, atMost: 100 },
    { id: 'type-month', what: 'one type, 30 days hourly by owner', times: quick ? 10 : 30, atMost: 500 },
  ] as const;
  for (const { id, what, times, atMost } of timed) {
    const rounds: number[][] = [];
    for (let n = 0; n < 3; n++) rounds.push(await time(questions[id], times));
    const all = rounds.flat();
    say(`storage-${id}: p50 ${quantile(all, 0.5).toFixed(1)} ms, p95 ${quantile(all, 0.95).toFixed(1)} ms`);
    results.push(
      judged({
        id: `storage-${id}`,
        what: `${what}, over HTTP, warm, p95, ${rows}`,
        unit: 'ms',
        ours: spread(rounds.map((r) => quantile(r, 0.95))),
        peer: null,
        ratio: null,
        count,
        target: { of: 'ours', atMost },
        details: { p50: round(quantile(all, 0.5)), max: round(Math.max(...all)), times: all.length },
      }),
    );
  }
  results.push(await underQuestions(loaded, questions, before, context));
  return results;
}

/** PUBACK latency while people ask without pause, to that without them. */
async function underQuestions(
  loaded: LoadedPlatform,
  questions: Questions,
  before: number,
  { quick, say }: BenchContext,
): Promise<Result> {
  const seconds = quick ? 10 : 30;
  const rounds = quick ? 2 : 5;
  const load = { connections: DEVICES, inFlight: 100, seconds, rate: RATE };
  const quiet: LoadResult[] = [];
  const busy: LoadResult[] = [];
  const answers: number[] = [];
  await loaded.load({ ...load, seconds: 3 });
  for (let n = 1; n <= rounds; n++) {
    quiet.push(await loaded.load(load));
    const stop = new AbortController();
    const asking = Array.from({ length: CLIENTS }, () => askWithoutPause(questions, stop.signal));
    busy.push(await loaded.load(load));
    stop.abort();
    const asked = (await Promise.all(asking)).reduce((sum, n) => sum + n, 0);
    answers.push(asked / seconds);
    say(
      `storage-busy ${n}/${rounds}: PUBACK p99 ${busy.at(-1)?.p99.toFixed(2)} ms beside ${(asked / seconds).toFixed(0)} questions/s, ${quiet.at(-1)?.p99.toFixed(2)} ms without`,
    );
  }
  await loaded.drained();
  return judged({
    id: 'storage-busy',
    what: `PUBACK p99 at ${RATE.toLocaleString('en')} messages/s while ${CLIENTS} clients ask the three questions without pause, to that without them`,
    unit: 'ms',
    ours: spread(busy.map((r) => r.p99)),
    peer: {
      name: 'the same without questions',
      version: 'this',
      settings: `${RATE} messages/s`,
      ...spread(quiet.map((r) => r.p99)),
    },
    ratio: spread(busy.map((r, n) => r.p99 / quiet[n]!.p99)), // as many of both
    count: await loaded.count(before),
    target: { of: 'ratio', atMost: 2 },
    details: {
      rounds,
      seconds,
      questionsPerSecond: spread(answers),
      rate: spread(busy.map((r) => r.rate)),
      values: READING_VALUES,
    },
  });
}

async function askWithoutPause(questions: Questions, signal: AbortSignal): Promise<number> {
  let asked = 0;
  while (!signal.aborted) {
    for (const ask of Object.values(questions)) {
      if (signal.aborted) break;
      await ask();
      asked++;
    }
  }
  return asked;
}

async function makeQuestions(platform: Platform, { end }: History): Promise<Questions> {
  const next = random(7);
  const { token } = await platform.api<{ token: string }>('POST', '/tokens', { name: 'benchmark', role: 'platform' });
  const get = async (path: string, least: number): Promise<void> => {
    const response = await fetch(`${platform.http}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const body = await response.arrayBuffer();
    if (!response.ok || body.byteLength < least)
      throw new Error(`${path}: ${response.status}, ${body.byteLength} bytes, at least ${least} expected`);
  };
  const month = `quantity=fillingLevel&from=${end - 30 * DAY}&to=${end}&window=1h`;
  return {
    'asset-month': () =>
      get(`/assets/asset-${Math.floor(next() * ASSETS)}/readings?${month}&aggregate=avg,min,max`, 1000),
    latest: () => get('/latest?quantity=fillingLevel', ASSETS * 50),
    'type-month': () => get(`/readings?type=waste-container&${month}&by=owner`, 10_000),
  };
}

async function time(ask: Ask, times: number): Promise<number[]> {
  for (let n = 0; n < 3; n++) await ask();
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const began = performance.now();
    await ask();
    took.push(performance.now() - began);
  }
  return took;
}

async function queryable(platform: Platform, history: History): Promise<number> {
  const query = `quantity=fillingLevel&from=${startOf(history) - DAY}&to=${history.end + DAY}&window=1d&aggregate=count&by=owner`;
  const { groups } = await platform.api<{ groups: { group: string; points: [string, number][] }[] }>(
    'GET',
    `/readings?${query}`,
  );
  return groups
    .filter((g) => g.group.startsWith('owner-'))
    .flatMap((g) => g.points)
    .reduce((sum, [, n]) => sum + n, 0);
}

/** The assets the generator's readings belong to. */
async function registerAssets({ api }: Platform): Promise<void> {
  const refs = seriesRefs(ASSETS);
  for (const owner of new Set(refs.map((r) => r.owner)))
    await api('PUT', `/organisations/${owner}`, { name: owner, kind: 'municipality' });
  const waiting = refs.values();
  const worker = async (): Promise<void> => {
    for (const { asset, owner, type } of waiting)
      await api('PUT', `/assets/${asset}`, { owner, type, name: asset, attributes: {}, sharing: 'internal', tags: [] });
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** What a folder takes on disk, all but `except`. */
function bytesIn(dir: string, except?: string): number {
  let bytes = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.name === except) continue;
    const path = join(dir, entry.name);
    bytes += entry.isDirectory() ? bytesIn(path) : statSync(path).blocks * 512;
  }
  return bytes;
}
