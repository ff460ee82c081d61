/** `npm run test:engines`: the contract suite of each port on every engine there is; says which ran and which did not. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasMosquitto } from '../bench/lib/mosquitto.ts';
import { hasInfluxdb } from '../lib/servers/influxdb.ts';
import { hasVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';

const root = resolve(import.meta.dirname, '../..');

type Server = 'InfluxDB' | 'VictoriaMetrics' | 'Mosquitto';

/** Why a server cannot be had, or undefined when it can. */
const MISSING: Record<Server, string | undefined> = {
  InfluxDB:
    hasInfluxdb() || process.env.INFLUXDB_TEST_URL
      ? undefined
      : 'no influxd on PATH (Debian: influxdb) and no INFLUXDB_TEST_URL',
  VictoriaMetrics:
    hasVictoriaMetrics() || process.env.VICTORIAMETRICS_TEST_URL
      ? undefined
      : 'no victoria-metrics on PATH (Debian: victoria-metrics) and no VICTORIAMETRICS_TEST_URL',
  Mosquitto: hasMosquitto() ? undefined : 'no mosquitto (Debian: mosquitto)',
};

/** One row an engine and its files. An engine of a later version is named here with the file that will run it. */
const ENGINES: { what: string; files: string; needs?: Server[] }[] = [
  { what: 'log on LMDB', files: 'test/contract/log.test.ts' },
  { what: 'registry on SQLite', files: 'test/contract/registry.test.ts' },
  { what: 'registry on SQLite in another thread', files: 'test/contract/registry-remote.test.ts' },
  { what: 'series on DuckDB + Parquet', files: 'test/contract/series.test.ts' },
  { what: 'series on InfluxDB', files: 'test/contract/series.influxdb*.test.ts', needs: ['InfluxDB'] },
  {
    what: 'series on InfluxDB: faults and restarts',
    files: 'services/engines/series/{influxdb,line-protocol}/**/*.server.test.ts',
    needs: ['InfluxDB'],
  },
  {
    what: 'series on VictoriaMetrics',
    files: 'test/contract/series.victoriametrics*.test.ts',
    needs: ['VictoriaMetrics'],
  },
  {
    what: 'series on VictoriaMetrics: faults and restarts',
    files: 'services/engines/series/victoriametrics/**/*.server.test.ts',
    needs: ['VictoriaMetrics'],
  },
  {
    what: 'Grafana queries on both',
    files: 'dashboards/grafana/**/*.server.test.ts',
    needs: ['InfluxDB', 'VictoriaMetrics'],
  },
  {
    what: 'infra: metrics collected, the compose topology as processes',
    files: 'test/infra/**/*.server.test.ts',
    needs: ['InfluxDB', 'VictoriaMetrics'],
  },
  { what: 'sources on a real broker', files: 'test/e2e/sources-mosquitto.server.test.ts', needs: ['Mosquitto'] },
  {
    what: 'the platform end to end beside these servers',
    files: 'test/{engines,e2e}/**/*{servers,.server}.test.ts',
    needs: ['InfluxDB', 'VictoriaMetrics'],
  },
];

const rows = ENGINES.map(({ what, files, needs = [] }) => ({
  what,
  files: globSync(files, { cwd: root, exclude: ['**/node_modules/**'] }),
  skipped: needs.map((server) => MISSING[server]).find((reason) => reason !== undefined),
}));
const files = [...new Set(rows.filter(({ skipped }) => skipped === undefined).flatMap((row) => row.files))];
const config = resolve(import.meta.dirname, 'vitest.config.ts');
const { status } = spawnSync('vitest', ['run', '--config', config, ...files], { cwd: root, stdio: 'inherit' });
for (const row of rows) {
  if (row.files.length === 0) console.log(`MISSING ${row.what}`);
  else console.log(row.skipped === undefined ? `ran     ${row.what}` : `skipped ${row.what}: ${row.skipped}`);
}
console.log('skipped the cluster set (JetStream, PostgreSQL): not part of this version');
process.exitCode = status === 0 && rows.every((row) => row.files.length > 0) ? 0 : 1;
