/** What a failed request to a server of line protocol means for us: try again, the points are refused, or it is set up wrongly. */
import { HttpError } from '@influxdata/influxdb-client';

export type Failure =
  /** Nothing is known of what arrived: the same again, not before `afterMs`. */
  | { kind: 'again'; afterMs: number }
  /** Some points are at fault. `dropped`: how many of the request, where the server says so. */
  | { kind: 'refused'; reason: string; dropped: number | undefined }
  /** An operator has to mend it, as `mend` says, and nothing is lost meanwhile. */
  | { kind: 'setup'; reason: string; mend: string };

// RFC 9110, 15.5.9 and RFC 6585, 4: both ask to come again.
const AGAIN = [408, 425, 429];
const LONGEST_PAUSE_MS = 30_000;
// Of points, as 1.x and 2.x say it (docs.influxdata.com/influxdb/v2/write-data/troubleshoot/).
const ABOUT_POINTS = /partial write|unable to parse|dropped=\d/;
const CODES = ['invalid', 'unprocessable entity'];
// Points that are well and would be taken once somebody changed a setting: docs.influxdata.com/influxdb/v1/administration/config/,
// "max-series-per-database", "max-values-per-tag"; and a retention that is not infinite.
const LIMITS = /beyond retention|max-series-per-database|max-values-per-tag/;

/**
 * Only what InfluxDB itself says of points is a refusal: those are not sent again, ever. A proxy's page, a limit of its
 * body size or a limit an operator can lift is waited out.
 */
export function classify(error: unknown): Failure {
  if (!(error instanceof HttpError)) return { kind: 'again', afterMs: 0 };
  const { statusCode } = error;
  if (statusCode >= 500 || AGAIN.includes(statusCode)) return { kind: 'again', afterMs: retryAfter(error) };
  const reason = reasonOf(error);
  if (LIMITS.test(reason))
    return { kind: 'setup', reason, mend: 'the bucket needs infinite retention and no limit of series' };
  if ([401, 403, 404].includes(statusCode))
    return { kind: 'setup', reason: `${statusCode} ${reason}`, mend: 'check the address, the bucket and the token' };
  if (!isAboutPoints(error, reason))
    return { kind: 'setup', reason: `${statusCode} ${reason}`, mend: 'check what stands before the server' };
  // "partial write: … dropped=3": InfluxDB 1.x and 2.x say how many they did not take, and took the others.
  const dropped = /dropped=(\d+)/.exec(reason)?.[1];
  return { kind: 'refused', reason, dropped: dropped === undefined ? undefined : Number(dropped) };
}

function isAboutPoints({ statusCode, json }: HttpError, reason: string): boolean {
  if (statusCode !== 400 && statusCode !== 422) return false;
  return isRecord(json) && (ABOUT_POINTS.test(reason) || CODES.includes(String(json.code)));
}

/** What Retry-After asks for, ms: seconds or a date (RFC 9110, 10.2.3). Not longer than half a minute, whatever it says. */
function retryAfter({ headers }: HttpError): number {
  const asked = headers?.['retry-after'];
  if (typeof asked !== 'string') return 0;
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), LONGEST_PAUSE_MS);
}

/** The server's own words: 1.x and 3.x say them as `error`, 2.x as `message`, others as their page. */
function reasonOf({ json, body, statusMessage }: HttpError): string {
  const said = isRecord(json) ? (json.error ?? json.message) : undefined;
  return oneLine(typeof said === 'string' ? said : body || statusMessage || 'no reason given');
}

/** For logs and alerts: one line of at most 300 characters. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  if (error instanceof HttpError) return `${error.statusCode} ${reasonOf(error)}`;
  // An attempt to several addresses fails with an AggregateError that says nothing itself.
  if (error instanceof AggregateError && error.message === '') return oneLine(error.errors.map(messageOf).join('; '));
  return oneLine(error.message || error.name);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
