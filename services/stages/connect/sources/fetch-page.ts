/** One request to a vendor's cloud, proven and bounded, and what its answer means. */
import { hideSecrets } from '../../../knowledge/sources/secrets.ts';
import { PrivateAddress } from '../../../pipeline/outgoing/public-address.ts';
import { networkReason, type Outgoing, type OutgoingAnswer } from '../../../pipeline/outgoing/request.ts';
import type { Authenticator } from './authentication.ts';
import { MOST_TEXT } from './mapper-job.ts';
import { SourceFault } from './source-fault.ts';

export interface PageRequest {
  url: URL;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface FetchParts {
  send: Outgoing;
  authenticator: Authenticator;
  secrets: Readonly<Record<string, string>> | undefined;
  /** Fires when we stop. */
  signal: AbortSignal;
  now(): number;
  deadlineMs?: number;
}

const DEADLINE_MS = 30_000;
const LONGEST_WAIT_MS = 86_400_000;

/** The answer of a success. @throws SourceFault; Rejected `missing-secret`. */
export async function fetchPage(request: PageRequest, parts: FetchParts): Promise<OutgoingAnswer> {
  const answer = await attempt(request, parts);
  // A token may have been withdrawn before its time: once more with a new one.
  const final = answer.status === 401 && parts.authenticator.refused() ? await attempt(request, parts) : answer;
  return judge(final, parts);
}

/** @throws SourceFault only when there is no answer at all. */
export async function attempt(request: PageRequest, parts: FetchParts): Promise<OutgoingAnswer> {
  const { send, authenticator, deadlineMs = DEADLINE_MS } = parts;
  const signal = AbortSignal.any([parts.signal, AbortSignal.timeout(deadlineMs)]);
  const url = new URL(request.url);
  try {
    const proof = await authenticator.prove(url, signal);
    return await send(url, {
      method: request.method,
      headers: { accept: 'application/json', ...lowerCased(request.headers), ...proof },
      ...(request.body !== undefined && { body: request.body }),
      signal,
      mostBytes: MOST_TEXT,
    });
  } catch (error) {
    throw asFault(error, { url, deadlineMs, late: signal.aborted && !parts.signal.aborted });
  }
}

function asFault(error: unknown, { url, deadlineMs, late }: { url: URL; deadlineMs: number; late: boolean }): unknown {
  if (error instanceof SourceFault) return error;
  if (late) {
    const seconds = deadlineMs / 1000;
    return new SourceFault(
      { da: `${url.host} svarede ikke inden ${seconds} s.`, en: `${url.host} did not answer within ${seconds} s.` },
      { again: true },
    );
  }
  if (error instanceof PrivateAddress)
    return new SourceFault(
      {
        da: `${url.hostname} ligger i et privat net. Den, der driver platformen, kan tillade det.`,
        en: `${url.hostname} is in a private network. Whoever runs the platform may allow that.`,
      },
      { again: false },
      { cause: error },
    );
  if (!(error instanceof Error) || !('code' in error)) return error;
  const why = networkReason(error);
  return new SourceFault(
    { da: `${url.host} kan ikke nås: ${why}`, en: `${url.host} cannot be reached: ${why}` },
    { again: true },
    { cause: error },
  );
}

function judge(answer: OutgoingAnswer, { secrets, now }: FetchParts): OutgoingAnswer {
  const { status, complete, body, headers } = answer;
  if (status >= 200 && status < 300) {
    if (complete) return answer;
    if (body.byteLength === 0 && Number(headers['content-length'] ?? 0) <= MOST_TEXT)
      throw new SourceFault({ da: 'Svaret blev afbrudt.', en: 'The answer was cut off.' }, { again: true });
    throw new SourceFault(
      {
        da: `Svaret blev afbrudt, eller det fylder mere end ${MOST_TEXT / 1024 / 1024} MB.`,
        en: `The answer was cut off, or it has more than ${MOST_TEXT / 1024 / 1024} MB.`,
      },
      { again: true },
    );
  }
  if (status >= 300 && status < 400)
    throw new SourceFault(
      {
        da: `Leverandøren viderestiller (svar ${status}); det følges ikke. Brug den endelige adresse.`,
        en: `The vendor redirects (status ${status}); that is not followed. Use the final address.`,
      },
      { again: false },
    );
  if (status === 401 || status === 403)
    throw new SourceFault(
      {
        da: `Leverandøren afviser adgangen (svar ${status}). Kontrollér nøgle eller adgangskode.`,
        en: `The vendor refuses access (status ${status}). Check the key or password.`,
      },
      { again: false },
    );
  const said = hideSecrets(body.subarray(0, 300).toString().replace(/\s+/g, ' ').trim(), secrets);
  const again = status === 408 || status === 425 || status === 429 || status >= 500;
  const afterMs = retryAfter(headers['retry-after'], now());
  throw new SourceFault(
    {
      da: `Leverandøren svarede ${status}${said && `: ${said}`}`,
      en: `The vendor answered ${status}${said && `: ${said}`}`,
    },
    { again, afterMs },
  );
}

/** RFC 9110 section 10.2.3: seconds or a date. */
function retryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), LONGEST_WAIT_MS) : 0;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
