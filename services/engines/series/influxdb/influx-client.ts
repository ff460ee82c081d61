/** The connection to one bucket: questions in InfluxQL, answers streamed; and the transport that lines are written through. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { InfluxDB } from '@influxdata/influxdb-client';
import { Unavailable } from '../../../model/errors.ts';
import { messageOf } from '../line-protocol/failures.ts';
import { Unanswerable } from '../line-protocol/server-access.ts';

export interface InfluxAddress {
  /** http or https, with a path where the server has one. */
  url: string;
  org: string;
  bucket: string;
  token: string | undefined;
}

/** One series of an answer. `values` are rows in the order of `columns`; time is epoch ms. */
export interface ResultSeries {
  /** Which of the statements it answers, from 0. */
  statement: number;
  name: string;
  tags?: Record<string, string>;
  columns: string[];
  values: (number | string | null)[][];
}

interface ResultLine {
  error?: string;
  results?: { statement_id?: number; error?: string; series?: Omit<ResultSeries, 'statement'>[] }[];
}

/** The server answers, but not as it should: what it said. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

// Writes and questions at once; more wait for a connection here instead of at the server.
const SOCKETS = 12;
const CHUNK_ROWS = 10_000;

export class InfluxClient {
  readonly transport: InfluxDB['transport'];
  readonly writePath: string;
  readonly address: InfluxAddress;
  #agent: HttpAgent;

  constructor(address: InfluxAddress) {
    const { url, org, bucket, token } = address;
    this.address = address;
    const options = { keepAlive: true, maxSockets: SOCKETS, scheduling: 'lifo' } as const;
    this.#agent = url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
    const client = new InfluxDB({ url, ...(token ? { token } : {}), transportOptions: { agent: this.#agent } });
    this.transport = client.transport;
    const query = new URLSearchParams({ ...(org === '' ? {} : { org }), bucket, precision: 'ms' });
    this.writePath = `/api/v2/write?${query}`;
  }

  /**
   * The series of the answer to one or more statements, as they arrive: a long series comes in several parts.
   * @throws QueryError when the server refuses the question, what the transport throws when it does not answer.
   */
  async *stream(statements: string, signal: AbortSignal): AsyncGenerator<ResultSeries> {
    const body = new URLSearchParams({
      db: this.address.bucket,
      q: statements,
      epoch: 'ms',
      chunked: 'true',
      chunk_size: String(CHUNK_ROWS),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'accept-encoding': 'gzip' };
    const chunks = this.transport.iterate('/query', body.toString(), { method: 'POST', headers, signal });
    for await (const line of linesOf(chunks)) {
      const { error, results } = JSON.parse(line) as ResultLine; // the format of /query
      if (error !== undefined) throw new QueryError(error);
      for (const result of results ?? []) {
        if (result.error !== undefined) throw new QueryError(result.error);
        for (const series of result.series ?? []) yield { ...series, statement: result.statement_id ?? 0 };
      }
    }
  }

  /** The whole answer. */
  async query(statements: string, signal: AbortSignal): Promise<ResultSeries[]> {
    const series: ResultSeries[] = [];
    for await (const part of this.stream(statements, signal)) series.push(part);
    return series;
  }

  /** 1, 2 or 3, as `/ping` says in a header; 2 when a proxy took it away. */
  async majorVersion(signal: AbortSignal): Promise<number> {
    let version: unknown;
    await this.transport.request('/ping', '', { method: 'GET', signal }, (headers) => {
      version = headers['x-influxdb-version'];
    });
    return Number(/^v?(\d+)\./.exec(String(version))?.[1] ?? 2);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A failed question as its asker sees it: the same later. */
export function unanswered(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  const Kind = error instanceof QueryError ? Unanswerable : Unavailable;
  return new Kind(`series: InfluxDB: ${messageOf(error)}`, { cause: error });
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    rest.push(lines[0]!); // splitting gives at least one
    for (let i = 1; i < lines.length; i++) {
      const line = rest.join('');
      if (line !== '') yield line;
      rest = [lines[i]!];
    }
  }
  const last = rest.join('') + decoder.decode();
  if (last !== '') yield last;
}
