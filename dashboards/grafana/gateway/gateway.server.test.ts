/** The gateway before real engines and the real platform: each token sees its own organisation, and writes nothing. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../../../test/lib/platform.ts';
import { startInfluxdb } from '../../../test/lib/servers/influxdb.ts';
import type { EngineServer } from '../../../test/lib/servers/server-process.ts';
import { startVictoriaMetrics } from '../../../test/lib/servers/victoria-metrics.ts';
import { askInfluxdb } from '../testing/ask.ts';
import { createGateway } from './gateway.ts';
import { Holders } from './holder.ts';

const OVERVIEW = 'overview-token-of-the-joint-data-source';
const LINES = ['ours', 'theirs']
  .map((owner) => `waste-container,asset=${owner}.1,owner=${owner},quantity=fillingLevel value=1 1772438400000`)
  .join('\n');

let platform: Platform;
let engines: EngineServer[] = [];
const gateways: Server[] = [];
let influx = '';
let metrics = '';
let token = '';
let tokenId = '';

async function listen(engine: Parameters<typeof createGateway>[0]['engine']): Promise<string> {
  const holders = new Holders({ platformUrl: platform.http, overviewToken: OVERVIEW });
  const server = createGateway({ engine, holders, log: { warn: () => {} } });
  gateways.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const [i, v, p] = await Promise.all([startInfluxdb(), startVictoriaMetrics(), startPlatform()]);
  [engines, platform] = [[i, v], p];
  await fetch(`${i.url}/api/v2/write?bucket=readings&precision=ms`, { method: 'POST', body: LINES });
  await fetch(`${v.url}/influx/write?precision=ms`, { method: 'POST', body: LINES });
  await fetch(`${v.url}/internal/force_flush`);
  await platform.api('PUT', '/organisations/ours', { name: 'Vores', kind: 'municipality' });
  const made = await platform.api<{ id: string; token: string }>('POST', '/tokens', {
    organisation: 'ours',
    name: 'Grafana',
    role: 'reader',
  });
  [token, tokenId] = [made.token, made.id];
  influx = await listen({ kind: 'influxdb', url: i.url, database: 'readings' });
  metrics = await listen({ kind: 'victoriametrics', url: v.url, database: '' });
});

afterAll(async () => {
  for (const gateway of gateways) gateway.close().closeAllConnections();
  await Promise.all([platform?.stop(), ...engines.map((engine) => engine.stop())]);
});

const as = (value: string, scheme = 'Token') => ({ authorization: `${scheme} ${value}` });

describe('InfluxQL', () => {
  const assets = async (value: string, q = 'SELECT last("value") FROM /.*/ GROUP BY "asset"') => {
    const { series = [] } = await askInfluxdb(influx, 'whatever', q, as(value));
    return series.map(({ tags }) => tags?.asset);
  };

  it('shows an organisation its own readings, and the joint data source all', async () => {
    expect(await assets(token)).toEqual(['ours.1']);
    expect(await assets(OVERVIEW)).toEqual(['ours.1', 'theirs.1']);
  });

  it('shows them also when asked for the others', async () => {
    expect(
      await assets(
        token,
        `SELECT last("value") FROM "waste-container" WHERE "owner" = 'theirs' OR 1 = 1 GROUP BY "asset"`,
      ),
    ).toEqual(['ours.1']);
    expect(
      await assets(token, `SELECT last("value") FROM "waste-container" WHERE "owner" = 'theirs' GROUP BY "asset"`),
    ).toEqual([]);
  });

  it('shows only its own values of a tag', async () => {
    const { series = [] } = await askInfluxdb(
      influx,
      '',
      'SHOW TAG VALUES FROM "waste-container" WITH KEY = "owner"',
      as(token),
    );
    expect(series.flatMap((s) => s.values.map(([, value]) => value))).toEqual(['ours']);
  });

  it('refuses to change anything, and tells Grafana why', async () => {
    const response = await fetch(`${influx}/query`, {
      method: 'POST',
      body: new URLSearchParams({ q: 'DROP MEASUREMENT "waste-container"' }),
      headers: as(token),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('SELECT') });
    expect(
      (await fetch(`${influx}/api/v2/write?bucket=readings`, { method: 'POST', body: LINES, headers: as(token) }))
        .status,
    ).toBe(404);
  });
});

describe('MetricsQL', () => {
  const assets = async (value: string, params: Record<string, string> = {}) => {
    const body = new URLSearchParams({
      query: 'last_over_time({__name__="waste-container_value"}[1h])',
      time: '1772438460',
      ...params,
    });
    const response = await fetch(`${metrics}/api/v1/query`, { method: 'POST', body, headers: as(value) });
    const { data } = (await response.json()) as { data: { result: { metric: { asset: string } }[] } };
    return data.result.map(({ metric }) => metric.asset).sort();
  };

  it('shows an organisation its own readings, and the joint data source all', async () => {
    expect(await assets(token)).toEqual(['ours.1']);
    expect(await assets(OVERVIEW)).toEqual(['ours.1', 'theirs.1']);
  });

  it('cannot be talked out of it', async () => {
    for (const name of ['extra_filters[]', 'extra_filters', 'extra_label'])
      expect(await assets(token, { [name]: name === 'extra_label' ? 'owner=theirs' : '{owner="theirs"}' })).toEqual([
        'ours.1',
      ]);
    expect(
      await assets(token, { query: 'last_over_time({owner="theirs"}[1h]) or last_over_time({owner=~".*"}[1h])' }),
    ).toEqual(['ours.1']);
  });

  it('shows only its own values of a label', async () => {
    const query = new URLSearchParams({ start: '2026-03-01T00:00:00Z', end: '2026-03-03T00:00:00Z' });
    const response = await fetch(`${metrics}/api/v1/label/owner/values?${query}`, { headers: as(token, 'Bearer') });
    expect(await response.json()).toMatchObject({ data: ['ours'] });
  });

  it.each(['/api/v1/export', '/api/v1/admin/tsdb/delete_series', '/api/v1/query/../export', '/metrics', '/'])(
    'does not pass on %s',
    async (path) => {
      expect((await fetch(metrics + path, { headers: as(token) })).status).toBe(404);
    },
  );
});

describe('who asks', () => {
  it('needs a token the platform knows', async () => {
    expect((await fetch(`${influx}/query?q=SHOW+MEASUREMENTS`)).status).toBe(401);
    expect((await fetch(`${influx}/query?q=SHOW+MEASUREMENTS`, { headers: as('nobody-has-this') })).status).toBe(401);
    expect((await fetch(`${influx}/healthz`)).status).toBe(200);
  });

  it('accepts the token as the password of Basic sign-in', async () => {
    const basic = Buffer.from(`grafana:${token}`).toString('base64');
    expect((await fetch(`${influx}/query?q=SHOW+MEASUREMENTS`, { headers: as(basic, 'Basic') })).status).toBe(200);
  });

  it('lets nobody in whose token was revoked', async () => {
    await platform.api('DELETE', `/tokens/${tokenId}`);
    const fresh = await listen({ kind: 'influxdb', url: engines[0]?.url ?? '', database: 'readings' });
    expect((await fetch(`${fresh}/query?q=SHOW+MEASUREMENTS`, { headers: as(token) })).status).toBe(401);
  });
});
