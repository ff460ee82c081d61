/** Starts the real platform as a process of its own, on free ports and in a folder of its own, and talks to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = resolve(import.meta.dirname, '../../services/main.ts');
const ADMIN_TOKEN = 'test-administrator-token';
const READY_MS = 60_000;

export interface Platform {
  http: string;
  adminToken: string;
  mqttPort: number;
  livePort: number | undefined;
  pid: number;
  dir: string;
  /** From exec to the `ready` line, ms. */
  readyMs: number;
  /** Standard error so far. */
  stderr(): string;
  /** Calls the API as administrator, or with another token ('' for none). Throws on anything but the statuses given. */
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown, options?: CallOptions): Promise<T>;
  /** In order; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

interface CallOptions {
  token?: string;
  headers?: Record<string, string>;
  /** Statuses that are fine; any 2xx when absent. */
  expect?: number[];
}

export interface PlatformOptions {
  /** Kept after the end when given; a fresh one, removed at the end, when not. */
  dir?: string;
  env?: Record<string, string>;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sansevaerk-'));
}

export async function startPlatform({ dir, env = {} }: PlatformOptions = {}): Promise<Platform> {
  const folder = dir ?? temporaryFolder();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      SANSEVAERK_DATA_DIR: join(folder, 'data'),
      SANSEVAERK_HTTP_PORT: '0',
      SANSEVAERK_MQTT_PORT: '0',
      SANSEVAERK_ADMIN_TOKEN: ADMIN_TOKEN,
      SANSEVAERK_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-100_000);
  });
  const line = await readyLine(child, () => stderr);
  const readyMs = performance.now() - startedAt;
  const part = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(line)?.[1];
  const http = part('http') ?? '';
  const portOf = (url: string | undefined) => (url ? Number(new URL(url).port) : undefined);
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const cleanUp = async (): Promise<number | null> => {
    const code = await ended;
    if (dir === undefined) rmSync(folder, { recursive: true, force: true });
    return code;
  };
  return {
    http,
    adminToken: ADMIN_TOKEN,
    mqttPort: portOf(part('mqtt')) ?? 0,
    livePort: portOf(part('live')),
    pid: child.pid ?? 0,
    dir: folder,
    readyMs,
    stderr: () => stderr,
    api: (method, path, body, options) => call(http, method, path, body, options),
    async stop() {
      child.kill('SIGTERM');
      return await cleanUp();
    },
    async kill() {
      child.kill('SIGKILL');
      await cleanUp();
    },
  };
}

function readyLine(child: ChildProcess, stderr: () => string): Promise<string> {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`not ready within ${READY_MS} ms:\n${stderr()}`)), READY_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      failed(new Error(`ended with ${code} before it was ready:\n${stderr()}`));
    });
    if (!child.stdout) throw new Error('no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('ready ')) return;
      clearTimeout(timer);
      done(line);
    });
  });
}

async function call<T>(
  http: string,
  method: string,
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<T> {
  const { token = ADMIN_TOKEN, headers = {}, expect } = options;
  const response = await fetch(
    path.startsWith('/api') || /^\/(healthz|readyz|metrics)/.test(path) ? http + path : `${http}/api/v1${path}`,
    {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    },
  );
  const text = await response.text();
  const fine = expect ? expect.includes(response.status) : response.ok;
  if (!fine) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 2000)}`);
  return (response.headers.get('content-type')?.includes('json') && text !== '' ? JSON.parse(text) : text) as T;
}

/** Asks until the answer is right, or fails with the last answer after `ms`. */
export async function eventually<T>(ask: () => Promise<T>, right: (answer: T) => boolean, ms = 15_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`not so within ${ms} ms; last answer: ${JSON.stringify(answer)?.slice(0, 2000)}`);
    await new Promise((again) => setTimeout(again, 20));
  }
}

/** Makes an organisation, an asset of `type` and a device on it for each id; gives the secrets by device id. */
export async function register(
  platform: Platform,
  ids: readonly string[],
  type = 'waste-container',
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  await platform.api('PUT', '/organisations/testby', { name: 'Testby', kind: 'municipality' });
  const queue = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      await platform.api('PUT', `/assets/${id}`, {
        owner: 'testby',
        type,
        name: id,
        location: { lat: 56.1, lon: 9.5 },
        attributes: {},
        sharing: 'internal',
        tags: [],
      });
      await platform.api('PUT', `/devices/${id}`, {
        owner: 'testby',
        model: 'generic-json',
        asset: id,
        connection: { kind: 'mqtt' },
      });
      const { password } = await platform.api<{ password: string }>('POST', `/devices/${id}/credentials`);
      secrets.set(id, password);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return secrets;
}
