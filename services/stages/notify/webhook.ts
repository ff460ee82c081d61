/** Delivery by webhook, signed as the Standard Webhooks specification says, so that any of its libraries can verify it. */
import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Deliver, Delivery } from './delivery.ts';
import { type ProxyRoute, type ProxySettings, proxyFor } from './proxy.ts';
import { type Lookup, PrivateAddress, publicAddress, systemLookup } from './public-address.ts';

const DEADLINE_MS = 10_000;
/** The answer is thrown away; more than this of it is not even read. */
const MOST_ANSWER_BYTES = 64 * 1024;

export interface WebhookOptions {
  /** For development: the receiver runs beside us. */
  allowPrivateTargets: boolean;
  /** As the variables of the same names. */
  proxy?: ProxySettings;
  resolve?: Lookup;
  isPublic?: (address: string) => boolean;
  deadlineMs?: number;
  now?: () => number;
}

export function createWebhook(options: WebhookOptions): Deliver {
  const { allowPrivateTargets, proxy, deadlineMs = DEADLINE_MS, now = Date.now } = options;
  return async ({ id, body, target }, signal) => {
    if (!URL.canParse(target.address)) return fail('never', 'the address is not a URL');
    const url = new URL(target.address);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return fail('never', `${url.protocol} is not http`);
    const headers = signedHeaders({ id, body, secret: target.secret, at: Math.floor(now() / 1000) });
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const route = proxyFor(url, proxy);
      const address = allowPrivateTargets ? undefined : await beforeAbort(checked(url, route, options), deadline);
      const pinned = route ? undefined : address; // it is the proxy that is connected to
      return await post(url, { headers, body, signal: deadline, pinned, proxy: route });
    } catch (error) {
      if (error instanceof PrivateAddress) return fail('never', error.message);
      if (signal.aborted) return fail('again', 'interrupted by a stop');
      if (deadline.aborted) return fail('again', `no answer within ${deadlineMs / 1000} s`);
      return fail('again', error instanceof Error ? reason(error) : String(error));
    }
  };
}

/** `webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">`; `at` in seconds. Unsigned without a secret. */
export function signedHeaders(parts: {
  id: string;
  body: string;
  secret: string | undefined;
  at: number;
}): Record<string, string> {
  const { id, body, secret, at } = parts;
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(at) };
  if (secret === undefined) return headers;
  // Secrets written as the specification writes them are base64 behind a prefix; others are taken as they are.
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}

/** Behind a proxy the host may have no address here: then the proxy looks it up, and its rules are the operator's. */
async function checked(url: URL, route: ProxyRoute, options: WebhookOptions): Promise<string | undefined> {
  try {
    return await publicAddress(url.hostname, options.resolve ?? systemLookup, options.isPublic);
  } catch (error) {
    if (route && !(error instanceof PrivateAddress)) return undefined;
    throw error;
  }
}

interface Post {
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
  pinned: string | undefined;
  proxy: ProxyRoute;
}

function post(url: URL, { headers, body, signal, pinned, proxy }: Post): Promise<Delivery> {
  const secure = url.protocol === 'https:';
  const proxyEnv = proxy ? { proxyEnv: proxy } : {};
  // One connection a message: a receiver that goes away leaves nothing behind.
  const agent = secure
    ? new HttpsAgent({ keepAlive: false, ...proxyEnv })
    : new HttpAgent({ keepAlive: false, ...proxyEnv });
  const options: RequestOptions = {
    method: 'POST',
    agent,
    signal,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'sansevaerk',
    },
    ...(pinned === undefined ? {} : { lookup: pinnedLookup(pinned) }),
  };
  return new Promise((done, failed) => {
    const request = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
      const { statusCode = 0 } = response;
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > MOST_ANSWER_BYTES) response.destroy();
      });
      response.on('error', () => {}); // the status line was the answer
      response.on('close', () => done(judge(statusCode, response.headers['retry-after'])));
    });
    request.on('error', failed);
    request.end(body);
  });
}

function judge(status: number, retryAfter: string | undefined): Delivery {
  if (status >= 200 && status < 300) return { sent: true };
  // A redirect would lead to an address nobody checked.
  if (status >= 300 && status < 400) return fail('again', `answered ${status}; redirects are not followed`);
  if (status === 410) return fail('never', 'answered 410: the receiver is gone for good');
  const seconds = Number(retryAfter);
  const after = retryAfter !== undefined && seconds >= 0 ? { afterMs: Math.min(seconds, 3600) * 1000 } : {};
  return { ...fail('again', `answered ${status}`), ...after };
}

function fail(retry: 'again' | 'never', error: string): Delivery & { sent: false } {
  return { sent: false, retry, error };
}

/** The address was checked; whatever the name says by now, this is where the connection goes. */
function pinnedLookup(address: string): NonNullable<RequestOptions['lookup']> {
  const family = isIP(address);
  return (_host, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

/** A lookup cannot be cancelled, but it need not be waited for. */
async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => {});
  }
}

function reason(error: Error & { code?: string }): string {
  return error.code && !error.message.includes(error.code) ? `${error.code}: ${error.message}` : error.message;
}
