/** Webhooks against a real server on this machine: what it receives, and what its answers lead to. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../knowledge/access/public-address.ts';
import type { NotifyTarget } from '../../model/registry.ts';
import { proxyFor } from '../../pipeline/outgoing/proxy.ts';
import { publicAddress } from '../../pipeline/outgoing/public-address.ts';
import type { Delivery } from './delivery.ts';
import { createWebhook, signedHeaders, type WebhookOptions } from './webhook.ts';

interface Received {
  url: string;
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
}

let server: Server;
let received: Received[];
let answer: (response: ServerResponse) => void;
let port: number;

beforeEach(async () => {
  received = [];
  answer = (response) => void response.writeHead(204).end();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', method = '', headers } = request;
      received.push({ url, method, headers, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function deliver(
  options: Partial<WebhookOptions> = {},
  target: Partial<NotifyTarget> = {},
  signal?: AbortSignal,
): Promise<Delivery> {
  const full: NotifyTarget = {
    id: 'hook',
    organisation: 'o',
    kind: 'webhook',
    address: `http://127.0.0.1:${port}/hook?x=1`,
    secret: 'hemmelig',
    minimumSeverity: 'low',
    enabled: true,
    ...target,
  };
  const webhook = createWebhook({ allowPrivateTargets: true, now: () => 1_700_000_000_500, ...options });
  return webhook({ id: 'a.1.hook', body: '{"æ":1}', target: full }, signal ?? new AbortController().signal);
}

describe('webhook', () => {
  it('posts the body, signed as Standard Webhooks says', async () => {
    expect(await deliver()).toEqual({ sent: true });
    const [request] = received;
    expect(request).toMatchObject({ method: 'POST', url: '/hook?x=1', body: '{"æ":1}' });
    const signature = createHmac('sha256', 'hemmelig').update('a.1.hook.1700000000.{"æ":1}').digest('base64');
    expect(request!.headers).toMatchObject({
      'webhook-id': 'a.1.hook',
      'webhook-timestamp': '1700000000',
      'webhook-signature': `v1,${signature}`,
      'content-type': 'application/json',
    });
  });

  it('gives the signature of the specification for its own example', () => {
    // https://github.com/standard-webhooks/standard-webhooks, libraries' shared test vector.
    const headers = signedHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: 1_614_265_330,
      body: '{"test": 2432232314}',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('does not sign without a secret', async () => {
    await deliver({}, { secret: undefined } as Partial<NotifyTarget>);
    expect(received[0]!.headers['webhook-signature']).toBeUndefined();
  });

  it('tries again later after an error, when the receiver says when', async () => {
    answer = (response) => void response.writeHead(503, { 'retry-after': '120' }).end('busy');
    expect(await deliver()).toEqual({ sent: false, retry: 'again', error: 'answered 503', afterMs: 120_000 });
  });

  it('does not follow a redirect', async () => {
    answer = (response) => void response.writeHead(307, { location: '/elsewhere' }).end();
    expect(await deliver()).toMatchObject({ sent: false, retry: 'again' });
    expect(received).toHaveLength(1);
  });

  it('gives up on one that is gone for good', async () => {
    answer = (response) => void response.writeHead(410).end();
    expect(await deliver()).toMatchObject({ sent: false, retry: 'never' });
  });

  it('does not wait longer than its deadline, nor read an endless answer', async () => {
    answer = () => {};
    expect(await deliver({ deadlineMs: 50 })).toEqual({
      sent: false,
      retry: 'again',
      error: 'no answer within 0.05 s',
    });
    answer = (response) => {
      response.writeHead(200);
      const flood = (): void => void response.write('x'.repeat(65_536), (error) => error ?? setImmediate(flood));
      flood();
    };
    expect(await deliver()).toEqual({ sent: true });
  });

  it('ends when the process stops', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    expect(await deliver({}, {}, stop.signal)).toMatchObject({ sent: false, retry: 'again' });
  });

  it('tells what is wrong when nobody listens', async () => {
    const failed = await deliver({}, { address: 'http://127.0.0.1:1/' });
    expect(failed).toMatchObject({ sent: false, retry: 'again' });
    expect((failed as { error: string }).error).toContain('ECONNREFUSED');
  });
});

describe('webhook addresses', () => {
  it.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://0x7f.1/',
    'http://[::ffff:10.0.0.1]/',
  ])('refuses %s', async (address) => {
    expect(await deliver({ allowPrivateTargets: false }, { address })).toMatchObject({ sent: false, retry: 'never' });
  });

  it('refuses a name when any of its addresses is private', async () => {
    const resolve = async () => ['93.184.216.34', '10.0.0.7'];
    const refused = await deliver({ allowPrivateTargets: false, resolve }, { address: 'http://rebind.example/' });
    expect(refused).toEqual({ sent: false, retry: 'never', error: 'rebind.example is not a public address' });
  });

  it('looks a name up once and connects to what it found, whatever the name says by then', async () => {
    let lookups = 0;
    const resolve = async () => (lookups++ === 0 ? ['127.0.0.1'] : []);
    const options = { allowPrivateTargets: false, resolve, isPublic: () => true };
    expect(await deliver(options, { address: `http://rebind.example:${port}/` })).toEqual({ sent: true });
    expect(lookups).toBe(1);
    expect(received[0]!.headers.host).toBe(`rebind.example:${port}`);
  });

  it('waits no longer for a lookup than for an answer', async () => {
    const resolve = () => new Promise<string[]>(() => {});
    const slow = deliver({ allowPrivateTargets: false, resolve, deadlineMs: 50 }, { address: 'http://slow.example/' });
    expect(await slow).toMatchObject({ sent: false, retry: 'again' });
  });

  it('says so when a name has no address', async () => {
    await expect(publicAddress('nothing.example', async () => [], isPublicAddress)).rejects.toThrow('has no address');
  });
});

describe('webhook through a proxy', () => {
  it('goes through the proxy of its scheme, except where NO_PROXY says no', () => {
    const settings = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost, .kommune.dk,intern.example' };
    const proxied = (url: string) => proxyFor(new URL(url), settings) !== undefined;
    expect(proxied('https://example.org')).toBe(true);
    expect(proxied('http://example.org')).toBe(false);
    expect(proxied('https://sag.kommune.dk')).toBe(false);
    expect(proxied('https://intern.example')).toBe(false);
    expect(
      proxyFor(new URL('https://example.org'), { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '*' }),
    ).toBeUndefined();
  });

  it('asks the proxy, which looks the name up itself', async () => {
    const proxy = { HTTP_PROXY: `http://127.0.0.1:${port}` };
    const resolve = () => Promise.reject(new Error('no such name here'));
    const sent = await deliver(
      { allowPrivateTargets: false, proxy, resolve },
      { address: 'http://receiver.example/hook' },
    );
    expect(sent).toEqual({ sent: true });
    expect(received[0]!.url).toBe('http://receiver.example/hook');
  });
});
