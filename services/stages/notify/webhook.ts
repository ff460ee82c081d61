/** Delivery by webhook, signed as the Standard Webhooks specification says, so that any of its libraries can verify it. */
import { createHmac } from 'node:crypto';
import { isPublicAddress } from '../../knowledge/access/public-address.ts';
import type { ProxySettings } from '../../pipeline/outgoing/proxy.ts';
import { type Lookup, PrivateAddress } from '../../pipeline/outgoing/public-address.ts';
import { createOutgoing, networkReason } from '../../pipeline/outgoing/request.ts';
import type { Deliver, Delivery } from './delivery.ts';

const DEADLINE_MS = 10_000;
/** The answer is thrown away; more than this of it is not even read. */
const MOST_ANSWER_BYTES = 64 * 1024;

export interface WebhookOptions {
  /** For development: the receiver runs beside us. */
  allowPrivateTargets: boolean;
  /** As the variables of the same names. */
  proxy?: ProxySettings;
  resolve?: Lookup;
  isPublic?: (address: string) => boolean;
  deadlineMs?: number;
  now?: () => number;
}

export function createWebhook(options: WebhookOptions): Deliver {
  const { deadlineMs = DEADLINE_MS, now = Date.now, isPublic = isPublicAddress } = options;
  const send = createOutgoing({ ...options, isPublic });
  return async ({ id, body, target }, signal) => {
    if (!URL.canParse(target.address)) return fail('never', 'the address is not a URL');
    const url = new URL(target.address);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return fail('never', `${url.protocol} is not http`);
    const headers = signedHeaders({ id, body, secret: target.secret, at: Math.floor(now() / 1000) });
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const { status, headers: answered } = await send(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        signal: deadline,
        mostBytes: MOST_ANSWER_BYTES,
      });
      return judge(status, answered['retry-after']);
    } catch (error) {
      if (error instanceof PrivateAddress) return fail('never', error.message);
      if (signal.aborted) return fail('again', 'interrupted by a stop');
      if (deadline.aborted) return fail('again', `no answer within ${deadlineMs / 1000} s`);
      return fail('again', networkReason(error));
    }
  };
}

/** `webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">`; `at` in seconds. Unsigned without a secret. */
export function signedHeaders(parts: {
  id: string;
  body: string;
  secret: string | undefined;
  at: number;
}): Record<string, string> {
  const { id, body, secret, at } = parts;
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(at) };
  if (secret === undefined) return headers;
  // Secrets written as the specification writes them are base64 behind a prefix; others are taken as they are.
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}

function judge(status: number, retryAfter: string | undefined): Delivery {
  if (status >= 200 && status < 300) return { sent: true };
  // A redirect would lead to an address nobody checked.
  if (status >= 300 && status < 400) return fail('again', `answered ${status}; redirects are not followed`);
  if (status === 410) return fail('never', 'answered 410: the receiver is gone for good');
  const seconds = Number(retryAfter);
  const after = retryAfter !== undefined && seconds >= 0 ? { afterMs: Math.min(seconds, 3600) * 1000 } : {};
  return { ...fail('again', `answered ${status}`), ...after };
}

function fail(retry: 'again' | 'never', error: string): Delivery & { sent: false } {
  return { sent: false, retry, error };
}
