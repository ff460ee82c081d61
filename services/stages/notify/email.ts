/** Delivery by e-mail through the operator's relay, with or without login. */
import { createTransport } from 'nodemailer';
import type { Deliver } from './delivery.ts';
import { type Message, mailOf } from './message.ts';

const DEADLINE_MS = 20_000;

export interface EmailOptions {
  /** `smtp://relay:25`, `smtps://user:password@host`. Without one, mail waits and the operator is told. */
  smtpUrl: string | undefined;
  from: string;
  deadlineMs?: number;
  now?: () => number;
}

export function createEmail({ smtpUrl, from, deadlineMs = DEADLINE_MS, now = Date.now }: EmailOptions): Deliver {
  return async ({ id, body, target }, signal) => {
    if (smtpUrl === undefined) return { sent: false, retry: 'again', error: 'SANSEVAERK_SMTP_URL is not set' };
    const times = { connectionTimeout: deadlineMs, greetingTimeout: deadlineMs, socketTimeout: deadlineMs };
    const transport = createTransport({ url: smtpUrl, disableFileAccess: true, disableUrlAccess: true, ...times });
    const stop = () => transport.close();
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(stop, deadlineMs);
    try {
      // The body was written by notify.
      const { subject, text } = mailOf(JSON.parse(body) as Message, now());
      const sending = transport.sendMail({
        from,
        to: { name: '', address: target.address },
        subject,
        text,
        // The same message sent twice has the same id: mail systems fold it into one.
        messageId: `<${id}@${domainOf(from)}>`,
        headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: out-of-office replies stay at home
      });
      await Promise.race([sending, rejectAfter(deadlineMs, signal)]);
      return { sent: true };
    } catch (error) {
      const { message, responseCode } = error as { message: string; responseCode?: number };
      // 5xx: the relay says this address or message will never do. RFC 5321 section 4.2.1.
      const never = responseCode !== undefined && responseCode >= 550 && responseCode < 560;
      return { sent: false, retry: never ? 'never' : 'again', error: withoutLogin(message, smtpUrl) };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      transport.close();
    }
  };
}

function rejectAfter(ms: number, signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const either = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const stop = () => reject(new Error(signal.aborted ? 'interrupted by a stop' : `no answer within ${ms / 1000} s`));
  if (either.aborted) stop();
  else either.addEventListener('abort', stop, { once: true });
  promise.catch(() => {});
  return promise;
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
}

function withoutLogin(message: string, smtpUrl: string): string {
  const { password } = new URL(smtpUrl);
  return password === '' ? message : message.replaceAll(decodeURIComponent(password), '…');
}
