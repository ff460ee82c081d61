/** Just enough of the platform's REST API to see what the simulator asks of it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TinyApi {
  url: string;
  requests: { method: string; path: string; token: string; body: string }[];
  /** Overrides an answer; `undefined`: the usual one. */
  answer: (method: string, path: string) => { status: number; body: unknown } | undefined;
  close(): Promise<void>;
}

export async function startTinyApi(): Promise<TinyApi> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer); // a request without encoding gives buffers
    const { method = '', url = '', headers } = request;
    const path = url.replace('/api/v1', '');
    api.requests.push({ method, path, token: headers.authorization ?? '', body: Buffer.concat(parts).toString() });
    const { status, body } = api.answer(method, path) ?? usual(method, path);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: TinyApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server has one
    requests: [],
    answer: () => undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return api;
}

function usual(method: string, path: string): { status: number; body: unknown } {
  if (method === 'PUT') return { status: 201, body: {} };
  if (path.endsWith('/credentials')) {
    return { status: 201, body: { username: path.split('/')[2], password: `secret of ${path.split('/')[2]}` } };
  }
  if (path === '/import/readings') return { status: 200, body: { lines: 1, uplinks: 1, errors: [] } };
  return { status: 200, body: { latest: [] } };
}
