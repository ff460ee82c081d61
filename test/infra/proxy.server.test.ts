/** nginx as infra/nginx.conf has it, before a real platform: web, API, server-sent events and WebSocket over TLS. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Platform, startPlatform } from '../lib/platform.ts';
import { findOnPath } from '../lib/servers/server-process.ts';
import { makeCertificate } from './certificate.ts';
import { ROOT } from './dockerfile.ts';
import { freePort } from './free-port.ts';

const HOST = 'iot.example.dk';
const NGINX = findOnPath('nginx');

describe.skipIf(NGINX === undefined)("behind nginx (needs Debian's nginx)", () => {
  let folder: string;
  let platform: Platform;
  let nginx: ChildProcess;
  let port: number;
  let cert: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sansevaerk-nginx-'));
    cert = makeCertificate(folder, HOST).cert;
    const plainPort = await freePort();
    port = await freePort();
    platform = await startPlatform({ env: { SANSEVAERK_PUBLIC_URL: `https://${HOST}` } });
    const site = readFileSync(join(ROOT, 'infra/nginx.conf'), 'utf8')
      .replaceAll('/etc/letsencrypt/live/iot.example.dk/fullchain.pem', join(folder, 'cert.pem'))
      .replaceAll('/etc/letsencrypt/live/iot.example.dk/privkey.pem', join(folder, 'key.pem'))
      .replaceAll('127.0.0.1:8080', new URL(platform.http).host)
      .replace(/listen \[::\].*\n/g, '')
      .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
      .replace('listen 443 ', `listen 127.0.0.1:${port} `);
    writeFileSync(join(folder, 'site.conf'), site);
    writeFileSync(join(folder, 'nginx.conf'), wrapper(folder));
    mkdirSync(join(folder, 'temp'));
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
    execFileSync(NGINX ?? '', ['-t', ...args], { stdio: 'pipe' });
    nginx = spawn(NGINX ?? '', args, { stdio: 'ignore' });
    await eventually(
      () => get('/healthz').catch(() => undefined),
      (answer) => answer?.status === 200,
    );
  }, 120_000);

  afterAll(async () => {
    if (nginx?.exitCode === null) {
      const ended = new Promise((done) => nginx.once('exit', done));
      nginx.kill('SIGTERM');
      await ended;
    }
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the API answers, and browsers are told once to come back over TLS', async () => {
    const { status, headers, text } = await get('/api/v1/ledger', { authorization: `Bearer ${platform.adminToken}` });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toHaveProperty('accepted', 0);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });

  test('a session begun in the browser is a cookie for TLS only', async () => {
    const { status, headers } = await send(
      'POST',
      '/api/v1/session',
      { token: platform.adminToken },
      {
        origin: `https://${HOST}`,
      },
    );
    expect(status).toBeLessThan(300);
    expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; .*; Secure$/);
  });

  test('server-sent events come when they happen, not when a buffer is full', async () => {
    const stream = await open('GET', '/api/v1/stream', { authorization: `Bearer ${platform.adminToken}` });
    try {
      const first = await new Promise<string>((done) => stream.once('data', (chunk) => done(String(chunk))));
      expect(first).toMatch(/^(:|event:|id:|retry:)/);
    } finally {
      stream.destroy();
    }
  });

  test('live data over WebSocket comes through', async () => {
    const client = await connectAsync(`wss://127.0.0.1:${port}/mqtt`, {
      username: 'test',
      password: platform.adminToken,
      ca: cert,
      wsOptions: { headers: { host: HOST } },
      rejectUnauthorized: true,
      reconnectPeriod: 0,
    });
    const granted = await client.subscribeAsync('live/#');
    expect(granted[0]?.qos).not.toBe(128);
    await client.endAsync();
  });

  test.each(['/metrics', '/readyz'])('%s is for this machine only', async (path) => {
    expect((await get(path)).status).toBe(200);
    // Loopback too, but not the address that may: to nginx a stranger.
    expect((await open('GET', path, {}, undefined, '127.0.0.2')).statusCode).toBe(403);
    expect((await open('GET', '/healthz', {}, undefined, '127.0.0.2')).statusCode).toBe(200);
  });

  interface Answer {
    status: number;
    headers: IncomingMessage['headers'];
    text: string;
  }

  function open(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
    localAddress = '127.0.0.1',
  ): Promise<IncomingMessage> {
    return new Promise((done, failed) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          localAddress,
          method,
          path,
          servername: HOST,
          ca: cert,
          headers: { host: HOST, ...headers },
          timeout: 15_000,
        },
        done,
      );
      asked.once('error', failed);
      asked.end(body);
    });
  }

  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await open(method, path, { ...(text && { 'content-type': 'application/json' }), ...headers }, text);
    const chunks = await answer.toArray();
    return { status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() };
  }

  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send('GET', path, undefined, headers);
  }
});

/** What Debian's /etc/nginx/nginx.conf is around a file of conf.d, writing in its own folder alone. */
function wrapper(folder: string): string {
  return `daemon off;
    pid ${folder}/nginx.pid;
    error_log ${folder}/error.log;
    events {}
    http {
      access_log off;
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/temp/${n};`).join('\n')}
      include ${folder}/site.conf;
    }`;
}
