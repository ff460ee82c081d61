/**
 * A vendor's cloud for tests: a real HTTP server on this machine that asks for proof, gives its records in pages of three
 * ways, and misbehaves when told to.
 *
 *   GET  /v1/measurements?from=&to=&page=    pages by number, `{items, pages}`
 *   GET  /v1/linked?after=                   `{items, links: {next}}`
 *   GET  /v1/changes?cursor=                 `{items, cursor}`, what came after the bookmark
 *   POST /oauth/token                        client credentials
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface VendorRecord {
  bin: string;
  /** RFC 3339. */
  measuredAt: string;
  level: number;
  battery?: number;
}

export interface VendorRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers one request instead of the cloud. */
export type Fault = (response: ServerResponse, request: VendorRequest) => void;

export interface VendorCloud {
  url: string;
  port: number;
  /** What it has, in the order it came in. */
  records: VendorRecord[];
  requests: VendorRequest[];
  /** Most requests that were open at one moment. */
  mostAtOnce: number;
  /** Each takes one of the next requests for data. */
  faults: Fault[];
  /** Records of one page. */
  pageSize: number;
  /** Tokens it gave so far; only the last one is good. */
  tokens: string[];
  /** Withdraws the last token before its time. */
  withdrawToken(): void;
  stop(): Promise<void>;
}

export interface VendorCloudOptions {
  /** What a request must have as Authorization, or in `x-api-key`, or in the query as `key`; nothing when absent. */
  proof?: { authorization?: string; apiKey?: string; queryKey?: string };
  /** The token of /oauth/token is needed, and got with these. */
  client?: { id: string; secret: string };
  tokenSeconds?: number;
}

export async function startVendorCloud(options: VendorCloudOptions = {}): Promise<VendorCloud> {
  const { proof, client, tokenSeconds = 3600 } = options;
  let open = 0;
  let good: string | undefined;
  const server = createServer((request, response) => {
    cloud.mostAtOnce = Math.max(cloud.mostAtOnce, ++open);
    response.once('close', () => open--);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', cloud.url);
      const seen: VendorRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      cloud.requests.push(seen);
      answer(seen, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const cloud: VendorCloud = {
    url: `http://127.0.0.1:${port}`,
    port,
    records: [],
    requests: [],
    mostAtOnce: 0,
    faults: [],
    pageSize: 2,
    tokens: [],
    withdrawToken() {
      good = undefined;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };

  const giveToken = (request: VendorRequest, response: ServerResponse): unknown => {
    const basic = Buffer.from(`${client?.id}:${client?.secret}`).toString('base64');
    const form = new URLSearchParams(request.body);
    const inBody = form.get('client_id') === client?.id && form.get('client_secret') === client?.secret;
    const known = request.headers.authorization === `Basic ${basic}` || inBody;
    if (!client || !known || form.get('grant_type') !== 'client_credentials')
      return json(response, 401, { error: 'invalid_client' });
    good = `token-${cloud.tokens.length + 1}`;
    cloud.tokens.push(good);
    return json(response, 200, { access_token: good, token_type: 'Bearer', expires_in: tokenSeconds });
  };

  const proven = ({ headers, query }: VendorRequest): boolean => {
    if (client) return good !== undefined && headers.authorization === `Bearer ${good}`;
    if (proof?.authorization !== undefined && headers.authorization !== proof.authorization) return false;
    if (proof?.apiKey !== undefined && headers['x-api-key'] !== proof.apiKey) return false;
    return proof?.queryKey === undefined || query.key === proof.queryKey;
  };

  const answer = (request: VendorRequest, response: ServerResponse): unknown => {
    if (request.path === '/oauth/token') return giveToken(request, response);
    const fault = cloud.faults.shift();
    if (fault) return fault(response, request);
    if (!proven(request)) return json(response, 401, { error: 'who are you?' });
    const { records, pageSize } = cloud;
    const { query } = request;
    if (request.path === '/v1/measurements') {
      const within = records.filter(
        (r) => !query.from || (r.measuredAt >= query.from && r.measuredAt < (query.to ?? '')),
      );
      const page = Number(query.page ?? 1);
      const items = within.slice((page - 1) * pageSize, page * pageSize);
      return json(response, 200, { items, pages: Math.ceil(within.length / pageSize) });
    }
    const start = Number(query.after ?? query.cursor ?? 0) || 0;
    const items = records.slice(start, start + pageSize);
    const next = start + items.length;
    if (request.path === '/v1/linked')
      return json(response, 200, { items, links: next < records.length ? { next: `/v1/linked?after=${next}` } : {} });
    if (request.path === '/v1/changes') return json(response, 200, { items, cursor: String(next) });
    return json(response, 404, { error: 'no such thing' });
  };
  return cloud;
}

function json(response: ServerResponse, status: number, body: unknown): unknown {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
