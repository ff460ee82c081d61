/**
 * From a device to a Grafana panel: the real platform writes into the real engine, and the committed dashboards, asked through
 * the gateway with an organisation's own token, show its readings and nobody else's.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../dashboards/grafana/gateway/gateway.ts';
import { Holders } from '../../dashboards/grafana/gateway/holder.ts';
import { settings } from '../../dashboards/grafana/gateway/settings.ts';
import { eventually, type Platform, startPlatform } from '../lib/platform.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import type { EngineServer } from '../lib/servers/server-process.ts';
import { startVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';

const LEVELS = { 'ours-1': 91, 'ours-2': 40, 'theirs-1': 85 };

const ENGINES = [
  { name: 'influxdb', start: startInfluxdb, address: (host: string) => `influxdb://${host}/org/readings` },
  {
    name: 'victoriametrics',
    start: startVictoriaMetrics,
    address: (host: string) => `victoriametrics://${host}?corrections=ignored`,
  },
] as const;

/** A waste container with one reading, sent by its device. */
async function measure(platform: Platform, id: string, fillingLevel: number): Promise<void> {
  const [owner = ''] = id.split('-');
  await platform.api('PUT', `/organisations/${owner}`, { name: owner, kind: 'municipality' });
  await platform.api('PUT', `/assets/${id}`, { owner, type: 'waste-container', name: id, attributes: {} });
  const device = { owner, model: 'generic-json', asset: id, connection: { kind: 'http' } };
  await platform.api('PUT', `/devices/${id}`, device);
  const { password } = await platform.api<{ password: string }>('POST', `/devices/${id}/credentials`);
  await platform.api('POST', `/devices/${id}/readings`, { fillingLevel }, { token: password });
}

/** The text of the query of a panel of the waste dashboard, for the last hour and everything there is. */
function queryOf(engine: string, title: string): string {
  const path = resolve(import.meta.dirname, '../../dashboards/grafana/generated', engine, 'en/waste.json');
  const { panels } = JSON.parse(readFileSync(path, 'utf8')) as {
    panels: { title: string; targets?: { query?: string; expr?: string }[] }[];
  };
  const [target] = panels.find((panel) => panel.title.startsWith(title))?.targets ?? [];
  return (target?.query ?? target?.expr ?? '')
    .replaceAll('$timeFilter', 'time > now() - 1h')
    .replaceAll('$__range', '1h')
    .replaceAll(/\$(owner|asset)/g, '.*');
}

/** The numbers an answer of either engine holds, by asset. */
async function ask(gateway: string, engine: string, token: string, title: string): Promise<Record<string, number>> {
  const query = queryOf(engine, title);
  const influx = engine === 'influxdb';
  const response = await fetch(`${gateway}${influx ? '/query' : '/api/v1/query'}`, {
    method: 'POST',
    body: new URLSearchParams(influx ? { db: 'readings', q: query, epoch: 'ms' } : { query }),
    headers: { authorization: `Token ${token}` },
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  if (!influx) {
    const { data } = JSON.parse(text) as {
      data: { result: { metric: { asset?: string }; value: [number, string] }[] };
    };
    return Object.fromEntries(data.result.map(({ metric, value }) => [metric.asset ?? '', Number(value[1])]));
  }
  const [result] = (JSON.parse(text) as { results: { series?: { tags?: { asset: string }; values: number[][] }[] }[] })
    .results;
  return Object.fromEntries(
    (result?.series ?? []).map(({ tags, values }) => [tags?.asset ?? '', values[0]?.[1] ?? Number.NaN]),
  );
}

describe.each(ENGINES)('$name', ({ name, start, address }) => {
  it('shows an organisation its own readings, and the joint overview all', async () => {
    const overview = 'token-of-the-joint-overview';
    let server: EngineServer | undefined;
    let platform: Platform | undefined;
    const cleanUp: (() => void)[] = [];
    try {
      server = await start();
      const series = address(new URL(server.url).host);
      platform = await startPlatform({ env: { SANSEVAERK_SERIES_URL: series } });
      for (const [id, level] of Object.entries(LEVELS)) await measure(platform, id, level);
      const { token } = await platform.api<{ token: string }>('POST', '/tokens', {
        organisation: 'ours',
        name: 'Grafana',
        role: 'reader',
      });
      const { engine } = settings({ GATEWAY_ENGINE_URL: series }, () => '');
      const holders = new Holders({ platformUrl: platform.http, overviewToken: overview });
      const gateway = createGateway({ engine, holders, log: { warn: () => {} } });
      cleanUp.push(() => gateway.close().closeAllConnections());
      await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', () => done()));
      const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;

      const all = await eventually(
        () => ask(url, name, overview, 'Emptying list'),
        (answer) => Object.keys(answer).length === 3,
        30_000,
      );
      expect(all).toEqual(LEVELS);
      expect(await ask(url, name, token, 'Emptying list')).toEqual({ 'ours-1': 91, 'ours-2': 40 });
      expect(await ask(url, name, overview, 'To be emptied')).toEqual({ '': 2 });
      expect(await ask(url, name, token, 'To be emptied')).toEqual({ '': 1 });
    } finally {
      for (const clean of cleanUp) clean();
      await platform?.stop();
      await server?.stop();
    }
  });
});
