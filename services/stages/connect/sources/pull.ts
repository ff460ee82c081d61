/**
 * One run of a source that is asked: all windows of time that are due, all pages of each.
 *
 *   window ──▶ page ──▶ mapping ──▶ door (durable) ──▶ next page ──▶ position moves ──▶ next window
 */
import type { HttpPullSettings } from '../../../knowledge/sources/http-pull.ts';
import { readRecords } from '../../../knowledge/sources/records.ts';
import { withSecrets } from '../../../knowledge/sources/secrets.ts';
import { type Filling, fillBody, fillUrl } from '../../../knowledge/sources/template.ts';
import { type FetchParts, fetchPage, type PageRequest } from './fetch-page.ts';
import type { Forwarder } from './forwarder.ts';
import type { Mapper } from './mapper.ts';
import type { Position } from './positions.ts';
import { SourceFault } from './source-fault.ts';
import type { Taken } from './source-status.ts';

export interface PullParts extends FetchParts {
  settings: HttpPullSettings;
  mapper: Pick<Mapper, 'map'>;
  forwarder: Forwarder;
  /** Keeps the position; everything before it is durable. */
  save(position: Position): Promise<void>;
  /** Told of each page. */
  took(page: Taken & { problems: string[] }): void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Gives the position at the end. @throws SourceFault; Rejected; Unavailable. What was saved until then stays. */
export async function pull(parts: PullParts, from: Position): Promise<Position> {
  const { settings, signal, now } = parts;
  const { window } = settings;
  const end = now();
  if (!window) return await pages(parts, from, { from: end, to: end });
  let position = from;
  let start =
    from.time === undefined ? end - window.lookbackHours * HOUR_MS : from.time - window.overlapMinutes * MINUTE_MS;
  while (true) {
    const to = Math.min(end, start + window.mostHours * HOUR_MS);
    await pages(parts, position, { from: start, to });
    // An overlap longer than a window begins before what was reached: that is not given up.
    position = { ...position, time: Math.max(position.time ?? to, to) };
    await parts.save(position);
    if (to >= end) return position;
    signal.throwIfAborted();
    start = to;
  }
}

async function pages(parts: PullParts, position: Position, times: { from: number; to: number }): Promise<Position> {
  const { settings, signal } = parts;
  const { paging, window } = settings;
  let reached = position;
  const keepsCursor = paging?.kind === 'cursor' && !window;
  let filling: Filling = {
    ...times,
    page: paging?.kind === 'page' ? paging.first : 1,
    cursor: paging?.kind === 'cursor' ? ((keepsCursor ? position.cursor : undefined) ?? paging.first) : '',
  };
  let url: URL | undefined;
  for (let n = 0; n < (paging?.mostPages ?? 1); n++) {
    signal.throwIfAborted();
    const request = requestOf(settings, filling, parts.secrets, url);
    const { next, items } = await onePage(parts, request);
    if (!paging) return reached;
    if (paging.kind === 'page') {
      if (!(paging.more === undefined ? items > 0 : next === true)) return reached;
      filling = { ...filling, page: filling.page + 1 };
    } else if (paging.kind === 'next') {
      if (next === undefined || next === null || next === '') return reached;
      url = followed(request.url, next);
    } else {
      const cursor = next === undefined || next === null ? '' : String(next);
      if (cursor === '' || cursor === filling.cursor) return reached;
      filling = { ...filling, cursor };
      if (keepsCursor) {
        reached = { ...reached, cursor };
        await parts.save(reached);
      }
    }
  }
  if (keepsCursor) return reached; // the next run goes on there
  throw new SourceFault(
    {
      da: `Der er flere end ${paging?.mostPages} sider. Bed om et kortere tidsrum, eller hæv grænsen.`,
      en: `There are more than ${paging?.mostPages} pages. Ask for a shorter period, or raise the limit.`,
    },
    { again: false },
  );
}

async function onePage(parts: PullParts, request: PageRequest): Promise<{ next: unknown; items: number }> {
  const { settings, mapper, forwarder, took } = parts;
  const input = (await fetchPage(request, parts)).body.toString();
  const mapped =
    input.trim() === '' ? {} : await mapper.map({ expressions: expressionsOf(settings), input, bindings: {} });
  const read = readRecords(mapped.records, { needsTime: true });
  const { uplinks, records, unknown, tooLarge } = await forwarder.prepare(read.records);
  await forwarder.send(uplinks);
  const problems = [...read.problems, ...tooLarge.map((device) => `${device}: a record is too large`)];
  took({ records, unknown, unusable: read.unusable + tooLarge.length, problems });
  return { next: mapped.next, items: read.records.length + read.unusable };
}

/** What is worked out of each answer: the records and, as `next`, what paging goes by. */
export function expressionsOf({ records, paging }: HttpPullSettings): Record<string, string> {
  const next = paging?.kind === 'next' ? paging.next : paging?.kind === 'cursor' ? paging.cursor : paging?.more;
  return { records, ...(next !== undefined && { next }) };
}

/** @throws Rejected `missing-secret`. */
export function requestOf(
  { request }: HttpPullSettings,
  filling: Filling,
  secrets: FetchParts['secrets'],
  url?: URL,
): PageRequest {
  const { method, headers, body, timeFormat } = request;
  return {
    url: url ?? fillUrl(request.url, filling, timeFormat, secrets),
    method,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, withSecrets(value, secrets)] as const),
    ),
    ...(body !== undefined && { body: fillBody(body, filling, timeFormat, secrets) }),
  };
}

/** Where the next page is. Our proof goes along, so it stays with the host it was given for. */
function followed(from: URL, next: unknown): URL {
  const url = typeof next === 'string' && URL.canParse(next, from.href) ? new URL(next, from) : undefined;
  if (url?.origin === from.origin) return url;
  const where = url ? url.origin : 'no address';
  throw new SourceFault(
    {
      da: `Adressen på næste side følges ikke (${where}): den skal ligge hos ${from.origin}.`,
      en: `The address of the next page is not followed (${where}): it must be with ${from.origin}.`,
    },
    { again: false },
  );
}
