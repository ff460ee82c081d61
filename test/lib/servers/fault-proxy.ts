/** Stands before a server and does to its callers what networks and servers in trouble do. */
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { startProxy } from './proxy.ts';

export type Fault =
  /** Nobody listens. */
  | { kind: 'refuse' }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  /** Answers so without asking the server. */
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** The server does it all, and the answer breaks off half-way. */
  | { kind: 'cut' }
  /** The server does it all, and the answer never leaves. */
  | { kind: 'lost-answer' }
  /** Of a write, `refuses` says which lines the server does not take: the others are stored, and 400 tells of the rest. */
  | { kind: 'partial-write'; refuses: (line: string) => boolean };

export interface FaultOptions {
  /** How many requests suffer; all until `heal` when absent. */
  times?: number;
  /** Which requests suffer, by path and query; all when absent. */
  only?: RegExp;
}

export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  /** Requests seen since the start. */
  readonly requests: number;
  /** Requests that suffered a fault since the last `inject`. */
  readonly suffered: number;
  /** Replaces the fault there was; connections there are remain, except with `refuse`. */
  inject(fault: Fault, options?: FaultOptions): Promise<void>;
  /** All is well again; what hangs is cut. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFaultProxy({ target }: { target: string }): Promise<FaultProxy> {
  let fault: Fault | undefined;
  let { times, only }: FaultOptions = {};
  let requests = 0;
  let suffered = 0;
  const hanging = new Set<IncomingMessage>();

  const strikes = (path: string): Fault | undefined => {
    if (!fault || (only && !only.test(path)) || suffered >= (times ?? Number.POSITIVE_INFINITY)) return undefined;
    suffered++;
    return fault;
  };
  const proxy = await startProxy({
    target,
    async handle(incoming, outgoing) {
      requests++;
      const path = incoming.url ?? '/';
      const struck = strikes(path);
      if (!struck) return path;
      switch (struck.kind) {
        case 'hang':
          hanging.add(incoming);
          incoming.resume();
          return undefined;
        case 'status':
          incoming.resume();
          outgoing.writeHead(struck.status, { 'content-type': 'application/json', ...struck.headers });
          outgoing.end(struck.body ?? '{"error":"as the test wants it"}');
          return undefined;
        case 'cut':
          cutShort(outgoing, await ask(target, path, incoming));
          return undefined;
        case 'lost-answer':
          await ask(target, path, incoming);
          outgoing.destroy();
          return undefined;
        case 'partial-write':
          await writePart({ target, path, incoming, outgoing, refuses: struck.refuses });
          return undefined;
        default:
          outgoing.destroy(); // refuse: a connection from before
          return undefined;
      }
    },
  });
  const release = (): void => {
    for (const { socket } of hanging) socket.destroy();
    hanging.clear();
  };
  return {
    get url() {
      return proxy.url;
    },
    get port() {
      return proxy.port;
    },
    get requests() {
      return requests;
    },
    get suffered() {
      return suffered;
    },
    async inject(wanted, options = {}) {
      ({ times, only } = options);
      suffered = 0;
      fault = wanted;
      if (wanted.kind === 'refuse') await proxy.close();
      else await proxy.open();
    },
    async heal() {
      fault = undefined;
      release();
      await proxy.open();
    },
    async stop() {
      fault = undefined;
      release();
      await proxy.close();
    },
  };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

async function ask(target: string, path: string, incoming: IncomingMessage, body?: Buffer): Promise<Answer> {
  const {
    'content-length': _length,
    'content-encoding': encoding,
    'transfer-encoding': _t,
    ...rest
  } = incoming.headers;
  const sent = body ?? (await buffer(incoming));
  const headers = body || encoding === undefined ? rest : { ...rest, 'content-encoding': encoding };
  return await new Promise((done, failed) => {
    const outgoing = request(target + path, { method: incoming.method, headers, agent: false }, (answer) => {
      buffer(answer).then(
        (read) => done({ status: answer.statusCode ?? 502, headers: answer.headers, body: read }),
        failed,
      );
    });
    outgoing.once('error', failed);
    outgoing.setHeader('content-length', sent.byteLength);
    outgoing.end(sent);
  });
}

// The head leaves with a length that is never reached, and half of the body.
function cutShort(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { 'transfer-encoding': _chunked, ...rest } = headers;
  outgoing.writeHead(status === 204 ? 200 : status, { ...rest, 'content-length': body.byteLength + 100 });
  outgoing.flushHeaders();
  outgoing.write(`${body.subarray(0, body.byteLength >> 1).toString('latin1')} `, 'latin1', () => outgoing.destroy());
}

interface PartialWrite {
  target: string;
  path: string;
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  refuses: (line: string) => boolean;
}

/** @see https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ (partial writes are 400) */
async function writePart({ target, path, incoming, outgoing, refuses }: PartialWrite): Promise<void> {
  const received = await buffer(incoming);
  const text = (incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(received) : received).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  const taken = lines.filter((line) => !refuses(line));
  const answer = taken.length > 0 ? await ask(target, path, incoming, Buffer.from(taken.join('\n'))) : { status: 204 };
  if (answer.status >= 300 || taken.length === lines.length) {
    outgoing.writeHead(answer.status).end();
    return;
  }
  outgoing.writeHead(400, { 'content-type': 'application/json', 'x-influxdb-version': '1.6.7' });
  const error = `partial write: field type conflict: as the test wants it dropped=${lines.length - taken.length}`;
  outgoing.end(JSON.stringify({ error }));
}
