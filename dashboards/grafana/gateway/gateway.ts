/**
 * The gateway between Grafana and the time series: reads alone, and each asker sees the readings of one organisation.
 *
 *   Grafana ──Authorization: Token …──▶ gateway ──whose is it?──▶ platform
 *                                          └──narrowed query──▶ InfluxDB or VictoriaMetrics
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Holders, Sees } from './holder.ts';
import { filterInfluxql } from './influxql-filter.ts';
import { filterMetricsql } from './metricsql-filter.ts';
import { Refused } from './refused.ts';

export interface EngineAddress {
  kind: 'influxdb' | 'victoriametrics';
  /** `http://host:8086`. */
  url: string;
  /** Database of InfluxQL; empty for VictoriaMetrics. */
  database: string;
  token?: string;
}

export interface Log {
  warn(line: string): void;
}

const BODY_BYTES = 256 * 1024;
const BODY_MS = 10_000;
const QUERY_MS = 60_000;

/** A server that does not listen yet. */
export function createGateway(parts: { engine: EngineAddress; holders: Holders; log: Log }): Server {
  const server = createServer({ requestTimeout: BODY_MS, headersTimeout: BODY_MS }, (request, response) => {
    answer(parts, request, response).catch((error: unknown) => fail(parts.log, response, error));
  });
  server.maxConnections = 512;
  return server;
}

async function answer(
  { engine, holders }: { engine: EngineAddress; holders: Holders },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asTyped = request.url ?? '/';
  // HTTP lets anybody write `GET //` or `GET http://[`, which are no addresses.
  if (!URL.canParse(asTyped, 'http://gateway')) throw new Refused(400, 'this is no address');
  const url = new URL(asTyped, 'http://gateway');
  if (url.pathname === '/healthz') return void response.end('ok');
  const sees = await holders.of(tokenOf(request));
  const asked = new URLSearchParams([...url.searchParams, ...(await form(request))]);
  const onward =
    engine.kind === 'influxdb'
      ? toInfluxdb(engine, url.pathname, asked, sees)
      : filterMetricsql(url.pathname, asked, sees);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const reply = await ask(engine, onward, AbortSignal.any([gone.signal, AbortSignal.timeout(QUERY_MS)]));
  response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'application/json' });
  // The types of fetch and of Node's streams differ in name only.
  if (reply.body) await pipeline(Readable.fromWeb(reply.body as ReadableStream), response);
  else response.end();
}

export interface Onward {
  path: string;
  form: URLSearchParams;
}

function toInfluxdb(engine: EngineAddress, path: string, asked: URLSearchParams, sees: Sees): Onward {
  if (path !== '/query') throw new Refused(404, 'only /query is passed on');
  const q = asked.get('q') ?? '';
  return {
    path,
    // The database is ours to say; the asker's own is not looked at.
    form: new URLSearchParams({
      db: engine.database,
      epoch: /^(ns|u|ms|s)$/.test(asked.get('epoch') ?? '') ? (asked.get('epoch') ?? 'ms') : 'ms',
      q: sees.all ? q : filterInfluxql(q, sees.owner),
    }),
  };
}

async function ask(engine: EngineAddress, { path, form }: Onward, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(engine.url + path, {
      method: 'POST',
      body: form,
      headers: engine.token ? { authorization: `Token ${engine.token}` } : {},
      redirect: 'error',
      signal,
    });
  } catch (cause) {
    throw Object.assign(new Refused(502, 'the time series do not answer'), { cause });
  }
}

/** `Token …`, `Bearer …`, or the password of Basic sign-in: whichever a data source can be told. */
function tokenOf({ headers }: IncomingMessage): string {
  const [, scheme = '', value = ''] = /^(\w+) (\S+)$/.exec(headers.authorization ?? '') ?? [];
  const token =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64')
          .toString()
          .replace(/^[^:]*:/, '')
      : value;
  if (token === '') throw new Refused(401, 'a token of the platform is needed');
  return token;
}

async function form(request: IncomingMessage): Promise<URLSearchParams> {
  if (request.method === 'GET') return new URLSearchParams();
  if (request.method !== 'POST') throw new Refused(405, 'only GET and POST');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES) throw new Refused(413, 'the query is too large');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function fail(log: Log, response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  if (response.headersSent) return void response.destroy();
  const refused = error instanceof Refused ? error : new Refused(500, 'the gateway failed');
  if (refused.status >= 500)
    log.warn(`${refused.message}: ${String(error instanceof Refused ? (error.cause ?? '') : error)}`);
  // `error` is where Grafana's data sources look for a sentence.
  response.writeHead(refused.status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ status: 'error', error: refused.message }));
}
