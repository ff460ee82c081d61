/** An InfluxDB for a test file, a proxy before it that fails on demand, and stores on buckets of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { batch, type Row } from '../../../../../test/lib/reading-batch.ts';
import { startFaultProxy } from '../../../../../test/lib/servers/fault-proxy.ts';
import { startInfluxdb } from '../../../../../test/lib/servers/influxdb.ts';
import type { SeriesStore } from '../../../../model/series.ts';
import { InfluxClient, type ResultSeries } from '../influx-client.ts';
import { type InfluxSeriesOptions, openInfluxSeries } from '../open-influx-series.ts';

/** Gives up soon, so that a test of a server that is away is short. */
const SHORT = { requestMs: 1000, tryMs: 2500, firstMs: 10, mostMs: 100 };

export class InfluxWorld {
  readonly server: Awaited<ReturnType<typeof startInfluxdb>>;
  readonly faults: Awaited<ReturnType<typeof startFaultProxy>>;
  #houses: House[] = [];
  #n = 0;

  constructor(server: InfluxWorld['server'], faults: InfluxWorld['faults']) {
    this.server = server;
    this.faults = faults;
  }

  static async start(): Promise<InfluxWorld> {
    const server = await startInfluxdb();
    return new InfluxWorld(server, await startFaultProxy({ target: server.url }));
  }

  /** A folder and a bucket that nobody used. */
  async house(): Promise<House> {
    const dir = await mkdtemp(join(tmpdir(), 'series-influxdb-'));
    const house = new House(dir, { url: this.faults.url, org: '', bucket: `house-${++this.#n}`, token: undefined });
    this.#houses.push(house);
    return house;
  }

  /** Ends what a test opened. */
  async clear(): Promise<void> {
    await this.faults.heal();
    for (const house of this.#houses.splice(0)) await house.destroy();
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.faults.stop();
    await this.server.stop();
  }
}

export class House {
  readonly dir: string;
  readonly address: InfluxSeriesOptions['address'];
  /** Names of the platform alerts that stand, with what they say. */
  readonly alerts = new Map<string, string>();
  refused = 0;
  #stores: SeriesStore[] = [];

  constructor(dir: string, address: InfluxSeriesOptions['address']) {
    this.dir = dir;
    this.address = address;
  }

  async open(options: Partial<InfluxSeriesOptions> = {}): Promise<SeriesStore> {
    const store = await openInfluxSeries({
      dir: this.dir,
      address: this.address,
      logger: pino({ level: 'silent' }),
      alerts: {
        raise: (name, detail) => void this.alerts.set(name, detail),
        clear: (name) => void this.alerts.delete(name),
      },
      onRefused: (count) => {
        this.refused += count;
      },
      retention: { rawBefore: () => 0 },
      times: SHORT,
      ...options,
    });
    this.#stores.push(store);
    return store;
  }

  /** Asks the bucket itself, as Grafana would. */
  async ask(statement: string): Promise<ResultSeries[]> {
    const client = new InfluxClient(this.address);
    try {
      return await client.query(statement, AbortSignal.timeout(10_000));
    } finally {
      client.close();
    }
  }

  async destroy(): Promise<void> {
    for (const store of this.#stores) await store.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

export async function valuesOf(
  store: SeriesStore,
  asset = 'a1',
  quantity = 'temperature',
): Promise<[number, number][]> {
  const { time, value } = await store.points({ asset, quantity, from: 0, to: 1e14, limit: 100_000 });
  return Array.from(time, (t, i) => [t, value[i]!]);
}

/** Batch `seq` (2, 3, …) of `count` values, a second apart. */
export function rowsOf(seq: number, count: number, row: Partial<Row> = {}): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    time: Date.UTC(2026, 2, 10, 12) + (seq * count + i) * 1000,
    value: seq + i / 1000,
    uplink: seq,
    ...row,
  }));
}

export function batchOf(seq: number, count: number, row: Partial<Row> = {}) {
  return [batch(rowsOf(seq, count, row))];
}
