/** The series contract on InfluxDB: Debian's 1.6.7, or the server in INFLUXDB_TEST_URL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { type InfluxAddress, InfluxClient } from '../../services/engines/series/influxdb/influx-client.ts';
import { openInfluxSeries } from '../../services/engines/series/influxdb/open-influx-series.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import type { EngineServer } from '../lib/servers/server-process.ts';
import { testServer } from '../lib/servers/test-url.ts';
import { type Harness, seriesContract } from './series.ts';

const given = testServer('INFLUXDB_TEST_URL');
let server: EngineServer | undefined;
let n = 0;
beforeAll(async () => {
  server = given ? undefined : await startInfluxdb();
});
afterAll(() => server?.stop());

/** A bucket with nothing in it: one of its own where buckets come by themselves, else the given one, emptied. */
async function emptyBucket(): Promise<InfluxAddress> {
  if (!given) return { url: server?.url ?? '', org: '', bucket: `contract-${++n}`, token: undefined };
  const client = new InfluxClient(given);
  try {
    await client.query('DELETE FROM /.*/ WHERE time >= 0', AbortSignal.timeout(10_000));
  } finally {
    client.close();
  }
  return given;
}

const harness = (more: { deletes?: false }) => async () => {
  const dir = await mkdtemp(join(tmpdir(), 'series-influxdb-'));
  const address = await emptyBucket();
  const alerts = { raise() {}, clear() {} };
  return {
    open: (options: Parameters<Harness['open']>[0]) =>
      openInfluxSeries({ dir, address, alerts, logger: pino({ level: 'silent' }), ...more, ...options }),
    destroy: () => rm(dir, { recursive: true }),
  };
};

seriesContract('InfluxDB', harness({}), ['disk of its own']);
// As with InfluxDB 3, which knows no DELETE.
seriesContract('InfluxDB without DELETE', harness({ deletes: false }), ['disk of its own', 'retention']);
