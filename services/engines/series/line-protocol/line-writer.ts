/**
 * Sends bodies of line protocol, a few at a time, through the transport of the InfluxDB client. We retry, not the client:
 * its buffer gives up after a while and forgets (docs/decisions/007). Sending a body twice changes nothing: same series and
 * time, same values.
 */
import type { InfluxDB } from '@influxdata/influxdb-client';
import { classify } from './failures.ts';
import { type RetryOptions, type RetryTimes, withRetry } from './retry.ts';

export interface LineWriterOptions {
  transport: InfluxDB['transport'];
  /** Path and query: `/api/v2/write?org=…&bucket=…&precision=ms`. */
  path: string;
  times: RetryTimes;
  signal: AbortSignal;
  /** Requests at once. */
  inFlight?: number;
  /** Bodies of more bytes are compressed. */
  gzipThreshold?: number;
  onRetry?: RetryOptions['onRetry'];
}

/** A line the server did not take. */
export interface Refused {
  /** Index of the body, and of the line in it. */
  body: number;
  line: number;
  text: string;
  /** The server's words. */
  reason: string;
}

export class LineWriter {
  #options: LineWriterOptions;

  constructor(options: LineWriterOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the server has confirmed every body, with the lines it refused; all others are stored.
   * @throws Unavailable when it does not answer in time. Some bodies may be stored then: send all of them again.
   */
  async send(bodies: readonly string[]): Promise<Refused[]> {
    const refused: Refused[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < bodies.length) {
        const body = next++;
        for (const line of await this.#sendBody(bodies[body]!)) refused.push({ body, ...line });
      }
    };
    const workers = Array.from({ length: Math.min(this.#options.inFlight ?? 3, bodies.length) }, work);
    // All of them end before this does: no request of this batch is under way when the next begins.
    const ended = await Promise.allSettled(workers);
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    return refused.sort((a, b) => a.body - b.body || a.line - b.line);
  }

  async #sendBody(body: string): Promise<Omit<Refused, 'body'>[]> {
    const reason = await this.#post(body);
    return reason === undefined ? [] : await this.#separate(body.split('\n'), 0, reason);
  }

  /** Halves lines of which some are refused until the culprits remain; the others are stored by then. */
  async #separate(lines: readonly string[], first: number, failure: Reason): Promise<Omit<Refused, 'body'>[]> {
    // Where the server took none of them there is nothing to separate: a million refused points cost no more requests.
    if (lines.length === 1 || failure.dropped === lines.length)
      return lines.map((text, i) => ({ line: first + i, text, reason: failure.reason }));
    const middle = lines.length >> 1;
    const refused: Omit<Refused, 'body'>[] = [];
    for (const [from, to] of [
      [0, middle],
      [middle, lines.length],
    ] as const) {
      const half = lines.slice(from, to);
      const again = await this.#post(half.join('\n'));
      if (again) refused.push(...(await this.#separate(half, first + from, again)));
    }
    return refused;
  }

  /** Why the server refused some of it; `undefined` when it took all. */
  async #post(body: string): Promise<Reason | undefined> {
    const { transport, path, times, signal, gzipThreshold = 1000, onRetry } = this.#options;
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    try {
      await withRetry(
        async (abort) => {
          let status: number | undefined;
          await transport.request(path, body, { method: 'POST', headers, gzipThreshold, signal: abort }, (_, code) => {
            status = code;
          });
          // All versions and VictoriaMetrics confirm with 204. What says 200 is something else: a proxy's page, a portal.
          if (status !== 204) throw new Error(`the answer to a write was ${status}, not 204`);
        },
        { what: 'series: unable to write', times, signal, ...(onRetry ? { onRetry } : {}) },
      );
      return undefined;
    } catch (error) {
      const failure = classify(error);
      if (failure.kind !== 'refused') throw error;
      return failure;
    }
  }
}

interface Reason {
  reason: string;
  dropped: number | undefined;
}
