/** docs/grafana.md, run as it stands: the commands of its blocks, with other ports and folders put in. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../infra/free-port.ts';
import { eventually, type Platform, startPlatform } from '../lib/platform.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import type { EngineServer } from '../lib/servers/server-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BLOCKS = [...readFileSync(join(ROOT, 'docs/grafana.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
  ([, text = '']) => text,
);

let influxdb: EngineServer;
let platform: Platform;
let folder: string;
let victoriaPort = 0;
let environment: Record<string, string>;
let gateway = 'not yet';
const running: ChildProcess[] = [];

/** The one block that holds this text, with the addresses of this run. */
function block(text: string): string {
  const found = BLOCKS.filter((b) => b.includes(text));
  expect(found, text).toHaveLength(1);
  return (found[0] ?? '')
    .replaceAll('http://127.0.0.1:8086', influxdb.url)
    .replaceAll('http://127.0.0.1:8080', platform.http)
    .replaceAll('127.0.0.1:8080', new URL(platform.http).host)
    .replaceAll('http://127.0.0.1:8087', gateway)
    .replaceAll('127.0.0.1:8428', `127.0.0.1:${victoriaPort}`)
    .replaceAll(/\b(overview-token|metrics\.yaml|sansevaerk-dashboards|eksempelby\.token)\b/g, join(folder, '$1'))
    .replaceAll('-storageDataPath=metrics', `-storageDataPath=${join(folder, 'metrics')}`);
}

/** Runs it in a shell; resolves with what it prints once `until` is printed, or at its end. */
function run(script: string, until?: RegExp): Promise<string> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env: environment, detached: true });
  running.push(child);
  return new Promise((done, failed) => {
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (until?.test(out)) done(out);
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('close', (code) =>
      code === 0 ? done(out) : failed(new Error(`${script}\nended with ${code}: ${errors}`)),
    );
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sansevaerk-guide-'));
  victoriaPort = await freePort();
  influxdb = await startInfluxdb();
  const series = `influxdb://${new URL(influxdb.url).host}/sansevaerk/readings`;
  platform = await startPlatform({ env: { SANSEVAERK_SERIES_URL: series } });
  environment = {
    PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH, '/usr/bin'].join(':'),
    HOME: folder,
    SANSEVAERK_ADMIN_TOKEN: platform.adminToken,
    SANSEVAERK_SERIES_URL: series,
    SANSEVAERK_SERIES_TOKEN: 'not-asked-for-here',
    GATEWAY_PORT: '0',
  };
  const asset = { owner: 'eksempelby', type: 'pumping-station', name: 'Pst. Åvej', attributes: {} };
  await platform.api('PUT', '/organisations/eksempelby', { name: 'Eksempelby Spildevand', kind: 'utility' });
  await platform.api('PUT', '/assets/pst-aavej', asset);
  const device = { owner: 'eksempelby', model: 'generic-json', asset: 'pst-aavej', connection: { kind: 'http' } };
  await platform.api('PUT', '/devices/niveau-1', device);
  const { password } = await platform.api<{ password: string }>('POST', '/devices/niveau-1/credentials');
  await platform.api('POST', '/devices/niveau-1/readings', { waterDepth: 1.4 }, { token: password });
});

afterAll(async () => {
  for (const { pid, exitCode, signalCode } of running)
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  await platform?.stop();
  await influxdb?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('step 2: a reading is in InfluxDB a moment later', async () => {
  const answer = await eventually(
    () => run(block('last("value")')),
    (text) => text.includes('pst-aavej'),
    30_000,
  );
  expect(answer).toContain(',1.4]');
});

it('step 3: the gateway answers the overview token', async () => {
  const out = await run(block('gateway/main.ts'), /ready http=\S+\n/);
  gateway = /ready http=(\S+)/.exec(out)?.[1] ?? '';
  expect(await run(block('SHOW MEASUREMENTS'))).toContain('pumping-station');
});

it('organisations: a token of the platform opens the gateway to that organisation', async () => {
  const [curl = ''] = block('setup-organisations.ts').split('GRAFANA_ADMIN_PASSWORD');
  await run(curl);
  const token = readFileSync(join(folder, 'eksempelby.token'), 'utf8').trim();
  const ask = (value: string) =>
    fetch(`${gateway}/query?q=${encodeURIComponent('SHOW TAG VALUES WITH KEY = "owner"')}`, {
      headers: { authorization: `Token ${value}` },
    });
  expect(await (await ask(token)).text()).toContain('eksempelby');
  expect((await ask(`${token}x`)).status).toBe(401);
});

it('step 4: VictoriaMetrics collects the figures of the platform', async () => {
  void run(block('victoria-metrics')).catch(() => {}); // it ends with the test
  const ask = () => fetch(`http://127.0.0.1:${victoriaPort}/api/v1/targets`).then((r) => r.text(), String);
  expect(await eventually(ask, (text) => text.includes('"health":"up"'), 55_000)).toContain('sansevaerk');
});

it('step 5: dashboards with the address of the installation, and files where the guide copies them from', async () => {
  const [generate = '', ...rest] = block('generate.ts --web').split('\n');
  await run(generate);
  const made = readFileSync(join(folder, 'sansevaerk-dashboards/influxdb/da/waste.json'), 'utf8');
  expect(made).toContain('"query": "https://sansevaerk.example.dk"');
  const provisioned = readFileSync(join(ROOT, 'dashboards/grafana/provisioning/datasources/sansevaerk.yaml'), 'utf8');
  // The path that `sed` replaces, and each variable that Grafana is told.
  expect(provisioned).toContain('/run/secrets/grafana-token');
  const told = rest.flatMap((line) => /^(SANSEVAERK_\w+)=/.exec(line)?.[1] ?? []);
  const all = ['datasources', 'dashboards']
    .map((part) => readFileSync(join(ROOT, `dashboards/grafana/provisioning/${part}/sansevaerk.yaml`), 'utf8'))
    .join('');
  expect(told.sort()).toEqual([...new Set([...all.matchAll(/\$(SANSEVAERK_\w+)/g)].map(([, name]) => name))].sort());
  expect(existsSync(join(ROOT, 'dashboards/grafana/provisioning-victoriametrics/datasources/sansevaerk.yaml'))).toBe(
    true,
  );
});
