/**
 * Writing to InfluxDB through the series port against the bare client with the same lines, on the same server, in turns:
 * what deciding, the journal and the cursor cost.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InfluxDB } from '@influxdata/influxdb-client';
import pino from 'pino';
import { InfluxClient } from '../../services/engines/series/influxdb/influx-client.ts';
import { openInfluxSeries } from '../../services/engines/series/influxdb/open-influx-series.ts';
import { encodePoint, seriesKey } from '../../services/engines/series/line-protocol/encode-lines.ts';
import type { ReadingColumns } from '../../services/model/readings.ts';
import type { SeriesStore } from '../../services/model/series.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import { type BenchContext, type Count, judged, type Result, spread } from './lib/result.ts';
import { generateReadings } from './lib/series-generator.ts';

const ASSETS = 10_000;
// As the store stage hands them over when it is behind.
const BATCH = 100_000;
const BODY_LINES = 5000;
const IN_FLIGHT = 3;
const TARGET = 0.7;
const ROUNDS = 3;
const START = Date.UTC(2026, 0, 1);

export async function influxWrite({ quick, say }: BenchContext): Promise<Result[]> {
  const rows = quick ? 100_000 : 400_000;
  const batches = [...generateReadings({ rows, assets: ASSETS, block: BATCH, seed: 1, start: START })];
  const bodies = linesOf(batches);
  const ours: number[] = [];
  const raw: number[] = [];
  const server = await startInfluxdb();
  let count: Count = { acked: 0, stored: 0, queryable: 0 };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      raw.push(rows / (await writeRaw(server.url, `raw-${round}`, bodies)));
      const result = await writeOurs(server.url, `ours-${round}`, batches);
      ours.push(rows / result.seconds);
      count = { acked: rows, ...result.count };
      say(`  round ${round + 1}: raw ${Math.round(raw.at(-1) ?? 0)}, ours ${Math.round(ours.at(-1) ?? 0)} rows/s`);
    }
  } finally {
    await server.stop();
  }
  const settings = `same lines, ${BODY_LINES} a request, ${IN_FLIGHT} at once, gzip, no retries`;
  return [
    judged({
      id: 'influxdb',
      what: 'Rows a second into InfluxDB through the series port, against the bare client',
      unit: 'rows/s',
      ours: spread(ours),
      peer: { name: '@influxdata/influxdb-client', version: '1.35.0', settings, ...spread(raw) },
      ratio: spread(ours.map((rate, i) => rate / (raw[i] ?? Number.NaN))),
      count,
      target: { of: 'ratio', atLeast: TARGET },
      details: {
        rows,
        assets: ASSETS,
        batch: BATCH,
        server: 'InfluxDB 1.6.7 (Debian) behind the path rewrite of the tests',
      },
    }),
  ];
}

function linesOf(batches: readonly ReadingColumns[]): string[][] {
  const lines = batches.flatMap((b) => {
    const keys = b.series.map((ref) => seriesKey(ref.type, ref));
    return Array.from({ length: b.count }, (_, i) => {
      const point = {
        value: b.value[i] ?? 0,
        received: b.received[i] ?? 0,
        uplink: b.uplink[i] ?? 0,
        revision: b.revision[i] ?? 0,
        marks: b.marks[i] ?? 0,
      };
      return encodePoint(keys[b.seriesIndex[i] ?? 0] ?? '', point, b.time[i] ?? 0);
    });
  });
  const bodies: string[][] = [];
  for (let i = 0; i < lines.length; i += BODY_LINES) bodies.push(lines.slice(i, i + BODY_LINES));
  return bodies;
}

/** Seconds. */
async function writeRaw(url: string, bucket: string, bodies: readonly string[][]): Promise<number> {
  const client = new InfluxDB({ url });
  let next = 0;
  const options = { batchSize: BODY_LINES + 1, maxBatchBytes: 50_000_000, flushInterval: 0, maxRetries: 0 };
  const work = async (): Promise<void> => {
    const api = client.getWriteApi('', bucket, 'ms', options);
    while (next < bodies.length) {
      api.writeRecords(bodies[next++] ?? []);
      await api.flush();
    }
    await api.close();
  };
  // The server makes the database with the first write; that is not what is measured.
  const first = client.getWriteApi('', bucket, 'ms', options);
  first.writeRecord(`warm-up value=1 ${START}`);
  await first.close();
  const began = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return (performance.now() - began) / 1000;
}

async function writeOurs(
  url: string,
  bucket: string,
  batches: readonly ReadingColumns[],
): Promise<{ seconds: number; count: Omit<Count, 'acked'> }> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-influxdb-'));
  const address = { url, org: '', bucket, token: undefined };
  const alerts = { raise() {}, clear() {} };
  const store = await openInfluxSeries({ dir, address, alerts, logger: pino({ level: 'warn' }) });
  try {
    const seconds = await writeAll(store, batches);
    const stored = (await store.stats()).rows;
    return { seconds, count: { stored, queryable: await countIn(address) } };
  } finally {
    await store.close();
    await rm(dir, { recursive: true });
  }
}

async function writeAll(store: SeriesStore, batches: readonly ReadingColumns[]): Promise<number> {
  const began = performance.now();
  let { seq, offset } = await store.position();
  for (const batch of batches) {
    seq++;
    offset += batch.count;
    await store.write([batch], { seq, offset });
  }
  return (performance.now() - began) / 1000;
}

async function countIn(address: InfluxClient['address']): Promise<number> {
  const client = new InfluxClient(address);
  try {
    const [series] = await client.query('SELECT count("value") FROM "waste-container"', AbortSignal.timeout(30_000));
    return Number(series?.values[0]?.[1] ?? 0);
  } finally {
    client.close();
  }
}
