/** The series contract on VictoriaMetrics, single node and through the addresses of a cluster. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import {
  openVictoriametricsSeries,
  type VictoriametricsAddress,
} from '../../services/engines/series/victoriametrics/victoriametrics-series.ts';
import { createMetrics } from '../../services/ops/metrics.ts';
import { PlatformAlerts } from '../../services/ops/platform-alerts.ts';
import { startClusterAddresses } from '../lib/servers/cluster-addresses.ts';
import { testServer } from '../lib/servers/test-url.ts';
import { startVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';
import { type Harness, type Lacking, seriesContract } from './series.ts';

const LACKS: Lacking[] = ['corrections', 'retention', 'exact doubles'];
const TENANT = '7:1';

async function harness(
  address: (url: string) => Promise<{ address: VictoriametricsAddress; stop: () => Promise<void> }>,
): Promise<Harness> {
  const dir = await mkdtemp(join(tmpdir(), 'series-'));
  const given = testServer('VICTORIAMETRICS_TEST_URL');
  const server = given ? { url: given.url, stop: () => deleteAll(given.url) } : await startVictoriaMetrics();
  if (given) await deleteAll(given.url);
  const front = await address(server.url);
  const logger = pino({ level: 'silent' });
  return {
    open: (options) =>
      openVictoriametricsSeries({
        dir,
        address: front.address,
        logger,
        alerts: new PlatformAlerts(logger, createMetrics()),
        // Here a question makes the server show everything, see cluster-addresses.ts.
        ...(front.address.kind === 'cluster' ? { shownMs: 0 } : {}),
        ...options,
      }),
    async destroy() {
      await front.stop();
      await server.stop();
      await rm(dir, { recursive: true });
    },
  };
}

async function deleteAll(url: string): Promise<void> {
  await fetch(`${url}/api/v1/admin/tsdb/delete_series`, {
    method: 'POST',
    body: new URLSearchParams({ 'match[]': '{__name__!=""}' }),
  });
}

seriesContract(
  'VictoriaMetrics',
  () => harness(async (url) => ({ address: { kind: 'single', url }, stop: async () => {} })),
  LACKS,
);

seriesContract(
  'VictoriaMetrics behind the addresses of a cluster',
  () =>
    harness(async (url) => {
      const { insert, select, stop } = await startClusterAddresses({ target: url, tenant: TENANT, showsAtOnce: true });
      return { address: { kind: 'cluster', insert, select, tenant: TENANT }, stop };
    }),
  LACKS,
);
