/**
 * `npm run demo`: builds the web app, starts the platform as an operator would, and lets a simulated region live on it.
 * Two processes, as in life: the platform knows nothing of the simulation but its devices.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { liveRegion } from '../firmware-sim/src/live-region.ts';
import { liveLorawan } from '../firmware-sim/src/lorawan/live-lorawan.ts';

const root = resolve(import.meta.dirname, '..');
const dataDir = resolve(root, '.data/demo');

const { values } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    'http-port': { type: 'string', default: process.env.SANSEVAERK_HTTP_PORT ?? '8080' },
    'mqtt-port': { type: 'string', default: process.env.SANSEVAERK_MQTT_PORT ?? '1883' },
    seed: { type: 'string', default: '1' },
  },
});

function buildWeb(): void {
  const built = spawnSync('vite', ['build', '--logLevel', 'warn'], {
    cwd: resolve(root, 'dashboards/web'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) throw new Error('the web app did not build');
}

/** Starts the platform and resolves with the addresses of its `ready` line. */
function startPlatform(adminToken: string): {
  child: ChildProcess;
  ready: Promise<{ line: string; http: string; mqtt: string }>;
} {
  const child = spawn(process.execPath, [resolve(root, 'services/main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A terminal's Ctrl-C reaches the whole group; the platform is told in order, after the devices.
    detached: true,
    env: {
      ...process.env,
      SANSEVAERK_DATA_DIR: dataDir,
      SANSEVAERK_HTTP_PORT: values['http-port'],
      SANSEVAERK_MQTT_PORT: values['mqtt-port'],
      SANSEVAERK_ADMIN_TOKEN: adminToken,
      SANSEVAERK_SAMPLE_DATA: 'yes',
      SANSEVAERK_LOG_LEVEL: process.env.SANSEVAERK_LOG_LEVEL ?? 'warn',
    },
  });
  const ready = new Promise<{ line: string; http: string; mqtt: string }>((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`the platform ended with code ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^ready http=(\S+) mqtt=(\S+)/.exec(line);
      if (found?.[1] && found[2]) done({ line, http: found[1], mqtt: found[2] });
    });
  });
  return { child, ready };
}

async function main(): Promise<void> {
  if (!values.keep) {
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(`${dataDir}.key`, { force: true });
  }
  const fresh = !existsSync(dataDir);
  console.log('building the web app …');
  buildWeb();
  console.log('starting the platform …');
  const adminToken = process.env.SANSEVAERK_ADMIN_TOKEN ?? `demo-${randomBytes(9).toString('base64url')}`;
  const { child, ready } = startPlatform(adminToken);
  const stopping = new AbortController();
  const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? 1)));
  let region: Promise<unknown> = Promise.resolve();
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) {
      child.kill('SIGKILL');
      process.exit(1);
    }
    stopping.abort();
    void region.catch(() => {}).then(() => child.kill(signal));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const { line, http, mqtt } = await ready;
  console.log(fresh ? 'building a region of 16 municipalities with 30 days of history …' : 'waking the region …');
  const live = await liveRegion({
    apiUrl: http,
    mqttUrl: mqtt,
    adminToken,
    seed: Number(values.seed),
    signal: stopping.signal,
    log: (text) => console.log(`  ${text}`),
  });
  const lorawan = await liveLorawan({
    apiUrl: http,
    adminToken,
    seed: Number(values.seed),
    signal: stopping.signal,
    log: (text) => console.log(`  ${text}`),
  });
  region = Promise.all([live.done, lorawan.done]);
  region.catch((error: unknown) => {
    console.error('the simulated devices stopped:', error);
    stop('SIGTERM');
  });
  console.log(`
  open    ${http}
  sign in with the token  ${adminToken}
  stop    Ctrl-C
`);
  console.log(line);
  process.exitCode = await ended;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
