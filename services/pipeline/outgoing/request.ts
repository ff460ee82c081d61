/**
 * One HTTP request to an address that somebody typed: only to public addresses unless allowed, through the operator's proxy
 * where there is one, never longer than its signal and never more of the answer than was asked for.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { type ProxyRoute, type ProxySettings, proxyFor } from './proxy.ts';
import { type Lookup, PrivateAddress, publicAddress, systemLookup } from './public-address.ts';

export interface OutgoingOptions {
  /** For development: the receiver runs beside us. */
  allowPrivateTargets: boolean;
  isPublic: (address: string) => boolean;
  /** As the variables of the same names. */
  proxy?: ProxySettings | undefined;
  resolve?: Lookup | undefined;
}

export interface OutgoingRequest {
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Its deadline too. */
  signal: AbortSignal;
  /** More of the answer is not read. */
  mostBytes: number;
}

export interface OutgoingAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Whether the body came to its end. */
  complete: boolean;
}

/**
 * Redirects are not followed: they would lead to an address nobody checked.
 * @throws PrivateAddress; the signal's reason; else what the network says.
 */
export type Outgoing = (url: URL, request: OutgoingRequest) => Promise<OutgoingAnswer>;

export function createOutgoing(options: OutgoingOptions): Outgoing {
  return async (url, request) => {
    const route = proxyFor(url, options.proxy);
    const address = options.allowPrivateTargets
      ? undefined
      : await beforeAbort(checked(url, route, options), request.signal);
    const pinned = route ? undefined : address; // it is the proxy that is connected to
    return await send(url, request, route, pinned);
  };
}

/** Behind a proxy the host may have no address here: then the proxy looks it up, and its rules are the operator's. */
async function checked(url: URL, route: ProxyRoute, options: OutgoingOptions): Promise<string | undefined> {
  try {
    return await publicAddress(url.hostname, options.resolve ?? systemLookup, options.isPublic);
  } catch (error) {
    if (route && !(error instanceof PrivateAddress)) return undefined;
    throw error;
  }
}

function send(
  url: URL,
  { method, headers, body, signal, mostBytes }: OutgoingRequest,
  proxy: ProxyRoute,
  pinned: string | undefined,
): Promise<OutgoingAnswer> {
  const secure = url.protocol === 'https:';
  const proxyEnv = proxy ? { proxyEnv: proxy } : {};
  // One connection a request: a receiver that goes away leaves nothing behind.
  const agent = secure
    ? new HttpsAgent({ keepAlive: false, ...proxyEnv })
    : new HttpAgent({ keepAlive: false, ...proxyEnv });
  const options: RequestOptions = {
    method,
    agent,
    signal,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      'user-agent': 'sansevaerk',
    },
    ...(pinned === undefined ? {} : { lookup: pinnedLookup(pinned) }),
  };
  return new Promise((done, failed) => {
    const request = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > mostBytes) response.destroy();
        else chunks.push(chunk);
      });
      response.on('error', () => {}); // what came until then is the answer, and `complete` says that it is not all
      response.on('close', () =>
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
          complete: response.complete && bytes <= mostBytes,
        }),
      );
    });
    request.on('error', failed);
    request.end(body);
  });
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

/** What the network said, with its code where the text does not have it. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as Error & { code?: string };
  return code && !error.message.includes(code) ? `${code}: ${error.message}` : error.message;
}
