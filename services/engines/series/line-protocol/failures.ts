/** What a failed request to a server of line protocol means for us: try again, the points are refused, or it is set up wrongly. */
import { HttpError } from '@influxdata/influxdb-client';

export type Failure =
  /** Nothing is known of what arrived: the same again, not before `afterMs`. */
  | { kind: 'again'; afterMs: number }
  /** Some points are at fault. `all`: the server says it took none of them. */
  | { kind: 'refused'; reason: string; dropped: number | undefined }
  /** Token, bucket or address are wrong: an operator has to mend it, and nothing is lost meanwhile. */
  | { kind: 'setup'; reason: string };

// RFC 9110, 15.5.9 and RFC 6585, 4: both ask to come again.
const AGAIN = [408, 425, 429];
const REFUSED = [400, 413, 422];
const LONGEST_PAUSE_MS = 30_000;

export function classify(error: unknown): Failure {
  if (!(error instanceof HttpError)) return { kind: 'again', afterMs: 0 };
  const { statusCode } = error;
  if (statusCode >= 500 || AGAIN.includes(statusCode)) return { kind: 'again', afterMs: retryAfter(error) };
  const reason = reasonOf(error);
  if (!REFUSED.includes(statusCode)) return { kind: 'setup', reason: `${statusCode} ${reason}` };
  // "partial write: … dropped=3": InfluxDB 1.x and 2.x say how many they did not take, and took the others.
  const dropped = /dropped=(\d+)/.exec(reason)?.[1];
  return { kind: 'refused', reason, dropped: dropped === undefined ? undefined : Number(dropped) };
}

/** What Retry-After asks for, ms: seconds or a date (RFC 9110, 10.2.3). Not longer than half a minute, whatever it says. */
function retryAfter({ headers }: HttpError): number {
  const asked = headers?.['retry-after'];
  if (typeof asked !== 'string') return 0;
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), LONGEST_PAUSE_MS);
}

/** The server's own words, one line of at most 300 characters: they go to logs and alerts. */
function reasonOf(error: HttpError): string {
  const json: unknown = error.json;
  const said =
    typeof json === 'object' && json !== null && 'error' in json && typeof json.error === 'string'
      ? json.error
      : error.message;
  return said.replaceAll(/\s+/g, ' ').slice(0, 300);
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof HttpError) return `${error.statusCode} ${reasonOf(error)}`;
  // An attempt to several addresses fails with an AggregateError that says nothing itself.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error.message || error.name;
}
