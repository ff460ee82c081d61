/** The command that HEALTHCHECK and the unit run: against a server that answers, one that refuses, and none. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(import.meta.resolve('../../infra/health-check.ts'));

let server: Server;
let port: number;
let notReady: number;
const asked: string[] = [];

beforeEach(async () => {
  notReady = 0;
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(request.url === '/readyz' && notReady-- > 0 ? 503 : 200).end('{"status":"as it is"}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port; // it listens on TCP
});

afterEach(() => new Promise((done) => server.close(done)));

function check(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [SCRIPT, ...args],
      { env: { SANSEVAERK_HTTP_PORT: String(port), ...env }, timeout: 15_000 },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test.each([{ host: '0.0.0.0' }, { host: '127.0.0.1' }])(
  'says nothing and 0 when it answers on $host',
  async ({ host }) => {
    expect(await check([], { SANSEVAERK_HOST: host })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(asked).toEqual(['/healthz']);
  },
);

test('says 1 and what was answered when it is not ready', async () => {
  notReady = 1;
  expect(await check(['--ready'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/readyz says 503: {') });
});

test('waits as long as it may for the answer it wants', async () => {
  notReady = 3;
  expect(await check(['--ready', '--wait=10'])).toMatchObject({ code: 0 });
  expect(asked).toEqual(['/readyz', '/readyz', '/readyz', '/readyz']);
});

test('says 1 and one line when nobody listens', async () => {
  const { code, stderr } = await check([], { SANSEVAERK_HTTP_PORT: '9' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:9\/healthz does not answer: [^\n]*\n$/);
});

test('says 2 and how it is used when it is asked wrongly', async () => {
  expect(await check(['--wait=soon'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--wait=SECONDS') });
});
