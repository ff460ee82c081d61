/** The topology of compose.influxdb.yaml as plain processes: the image's platform, contained, with its settings, before a real InfluxDB. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../lib/platform.ts';
import { hasInfluxdb, startInfluxdb } from '../lib/servers/influxdb.ts';
import { wholeServices } from './compose.ts';
import { canContain, startContained } from './contained.ts';
import { asImage, callApi, letAllRead } from './installations.ts';

const DATABASE = 'readings';

test.skipIf(!canContain() || !hasInfluxdb())(
  'a reading goes in by a device and out of InfluxDB; a restart and an absent InfluxDB lose nothing',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sansevaerk-topology-'));
    const influxdb = await startInfluxdb();
    const { options, command } = asImage(folder);
    const file = wholeServices('compose.influxdb.yaml');
    const { environment = {} } = file.sansevaerk ?? {};
    const { environment: gatewaySet = {}, entrypoint = [] } = file['grafana-gateway'] ?? {};
    for (const secret of ['admin-token', 'influxdb-token', 'grafana-token']) {
      mkdirSync(join(folder, 'secrets'), { recursive: true });
      writeFileSync(join(folder, 'secrets', secret), `a-secret-of-${secret}\n`);
    }
    letAllRead(join(folder, 'secrets')); // Compose mounts them so
    const set = defined(environment);
    const { SANSEVAERK_ADMIN_TOKEN: _, ...image } = options.env; // here it comes from its file
    const contained = {
      ...options,
      readable: { ...options.readable, '/run/secrets': join(folder, 'secrets') },
      env: {
        ...image,
        ...set,
        SANSEVAERK_SERIES_URL: (set.SANSEVAERK_SERIES_URL ?? '').replace('influxdb:8086', new URL(influxdb.url).host),
      },
    };
    const token = 'a-secret-of-admin-token';
    const rows = async (): Promise<number> => {
      const query = 'SELECT count("value") FROM "waste-container"';
      const url = `${influxdb.url}/query?db=${DATABASE}&q=${encodeURIComponent(query)}`;
      const answer = (await (await fetch(url)).json()) as { results: { series?: { values: number[][] }[] }[] };
      return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
    };
    let platform = await startContained(command, contained);
    const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const answer = await callApi(platform.http, method, path, body, token);
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    };
    try {
      await api('PUT', '/organisations/testby', { name: 'Testby', kind: 'municipality' });
      await api('PUT', '/assets/bin-1', { owner: 'testby', type: 'waste-container', name: 'Bin 1', attributes: {} });
      const connection = { kind: 'http' };
      await api('PUT', '/devices/bin-1', { owner: 'testby', model: 'generic-json', asset: 'bin-1', connection });
      const { password } = await api<{ password: string }>('POST', '/devices/bin-1/credentials');
      const send = async (minute: number): Promise<void> => {
        const time = new Date(Date.now() - minute * 60_000).toISOString();
        const reading = { time, fillingLevel: 50 + minute };
        expect((await callApi(platform.http, 'POST', '/devices/bin-1/readings', reading, password)).status).toBe(202);
      };
      await send(4);
      await eventually(rows, (count) => count === 1, 30_000);

      // InfluxDB is away: what a device sends is taken all the same, and arrives when it is back.
      await influxdb.kill();
      await send(3);
      expect((await platform.stop()).code).toBe(0);
      platform = await startContained(command, contained);
      await send(2);
      await influxdb.restart();
      await eventually(rows, (count) => count === 3, 60_000);
      const ledger = await eventually(
        () => api<Record<string, number>>('GET', '/ledger'),
        ({ stored }) => stored === 3,
      );
      expect(ledger).toMatchObject({ accepted: 3, values: 3, stored: 3, duplicates: 0, rejected: 0 });
      const read = await api<{ points: unknown[] }>('GET', '/assets/bin-1/readings?quantity=fillingLevel');
      expect(read.points).toHaveLength(3);

      // What Grafana would ask: through the gateway, with the token of the joint overview, and not without one.
      const gateway = await startContained(entrypoint, {
        ...contained,
        env: {
          PATH: options.env.PATH ?? '',
          ...defined(gatewaySet),
          GATEWAY_PORT: '0',
          GATEWAY_PLATFORM_URL: platform.http,
          GATEWAY_ENGINE_URL: contained.env.SANSEVAERK_SERIES_URL,
        },
      });
      try {
        const ask = (token: string): Promise<Response> => {
          const q = encodeURIComponent('SELECT count("value") FROM "waste-container"');
          const headers = { authorization: `Token ${token}` };
          return fetch(`${gateway.http}/query?db=${DATABASE}&q=${q}`, { headers, signal: AbortSignal.timeout(10_000) });
        };
        expect(await (await ask('a-secret-of-grafana-token')).text()).toContain(',3]');
        expect((await ask('a-secret-of-nobody-at-all-here')).status).toBe(401);
      } finally {
        expect((await gateway.stop()).code).toBe(0);
      }
    } finally {
      const { code } = await platform.stop();
      await influxdb.stop();
      rmSync(folder, { recursive: true, force: true });
      expect(code, platform.stderr()).toBe(0);
    }
  },
  180_000,
);

/** Settings with a value; those without are handed on from where Compose runs. */
function defined(environment: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}
