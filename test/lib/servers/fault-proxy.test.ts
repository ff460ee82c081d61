/** The fault proxy does what it says: else the tests that use it would prove nothing. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

let server: Server;
let proxy: FaultProxy;
/** Bodies as the server got them. */
let stored: string[];

beforeEach(async () => {
  stored = [];
  server = createServer(async (request, response) => {
    const body = await buffer(request);
    stored.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString());
    response.end(`got ${request.url}`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  proxy = await startFaultProxy({ target: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterEach(async () => {
  await proxy.stop();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function send(
  path = '/write?db=b',
  body: string | Uint8Array<ArrayBuffer> = 'line',
  headers = {},
): Promise<string> {
  const response = await fetch(proxy.url + path, { method: 'POST', body, headers, signal: AbortSignal.timeout(500) });
  return `${response.status} ${await response.text()}`;
}

it('passes everything on while nothing is wrong', async () => {
  expect(await send()).toBe('200 got /write?db=b');
  expect(stored).toEqual(['line']);
  expect([proxy.requests, proxy.suffered]).toEqual([1, 0]);
});

it('refuses connections, and takes them again at the same address', async () => {
  const { url } = proxy;
  await proxy.inject({ kind: 'refuse' });
  await expect(send()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await proxy.heal();
  expect(proxy.url).toBe(url);
  expect(await send()).toMatch(/^200/);
});

it('hangs until it is healed', async () => {
  await proxy.inject({ kind: 'hang' });
  await expect(send()).rejects.toMatchObject({ name: 'TimeoutError' });
  await proxy.heal();
  expect(await send()).toMatch(/^200/);
  expect(stored).toEqual(['line']);
});

it('answers a status as often as it is told, to the paths it is told', async () => {
  const headers = { 'retry-after': '1' };
  await proxy.inject({ kind: 'status', status: 429, body: 'slow', headers }, { times: 1, only: /^\/write/ });
  expect(await send('/query')).toMatch(/^200/);
  expect(await send()).toBe('429 slow');
  expect(await send()).toMatch(/^200/);
  expect(proxy.suffered).toBe(1);
});

it('cuts or loses the answer after the server has done its work', async () => {
  await proxy.inject({ kind: 'cut' }, { times: 1 });
  await expect(send()).rejects.toThrow();
  await proxy.inject({ kind: 'lost-answer' }, { times: 1 });
  await expect(send()).rejects.toThrow();
  expect(stored).toEqual(['line', 'line']);
});

it('stores the part of a write that is not refused', async () => {
  await proxy.inject({ kind: 'partial-write', refuses: (line) => line.includes('bad') });
  const body = new Uint8Array(gzipSync('good=1\nbad=1\ngood=2\n'));
  const gzip = { 'content-encoding': 'gzip' };
  expect(await send('/write', body, gzip)).toBe(
    '400 {"error":"partial write: field type conflict: as the test wants it dropped=1"}',
  );
  expect(stored).toEqual(['good=1\ngood=2']);
  expect(await send('/write', new Uint8Array(gzipSync('good=3')), gzip)).toBe('200 ');
});
