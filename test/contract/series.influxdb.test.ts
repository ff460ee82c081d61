/** The series contract on InfluxDB: Debian's 1.6.7, or the server in INFLUXDB_TEST_URL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { openInfluxSeries } from '../../services/engines/series/influxdb/open-influx-series.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import type { EngineServer } from '../lib/servers/server-process.ts';
import { type Harness, seriesContract } from './series.ts';

let server: EngineServer;
let n = 0;
beforeAll(async () => {
  server = await startInfluxdb();
});
afterAll(() => server.stop());

const harness = (more: { deletes?: false }) => async () => {
  const dir = await mkdtemp(join(tmpdir(), 'series-influxdb-'));
  const address = { url: server.url, org: '', bucket: `contract-${++n}`, token: undefined };
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
