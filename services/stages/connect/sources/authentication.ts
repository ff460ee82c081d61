/** How a source proves itself to a vendor's cloud. Secrets are put in here, for one request, and kept nowhere. */
import type { Authentication } from '../../../knowledge/sources/http-pull.ts';
import { withSecrets } from '../../../knowledge/sources/secrets.ts';
import { fillUrl } from '../../../knowledge/sources/template.ts';
import type { Outgoing } from '../../../pipeline/outgoing/request.ts';
import { SourceFault } from './source-fault.ts';

export interface AuthenticatorParts {
  authentication: Authentication | undefined;
  secrets: Readonly<Record<string, string>> | undefined;
  send: Outgoing;
  now(): number;
}

/** A token is not used in its last minute: the request takes its time. */
const MARGIN_MS = 60_000;
/** Where the server does not say how long a token holds (RFC 6749 section 5.1 only recommends it). */
const UNSAID_S = 300;
const MOST_ANSWER_BYTES = 64 * 1024;
const NOTHING = { cursor: '', page: 0, from: 0, to: 0 };

export class Authenticator {
  #o: AuthenticatorParts;
  #token: { text: string; until: number } | undefined;

  constructor(parts: AuthenticatorParts) {
    this.#o = parts;
  }

  /**
   * Headers for a request; a key that goes into the address is added to `url`.
   * @throws SourceFault when no token is to be had; Rejected `missing-secret`; what the network says.
   */
  async prove(url: URL, signal: AbortSignal): Promise<Record<string, string>> {
    const { authentication, secrets } = this.#o;
    switch (authentication?.kind) {
      case undefined:
      case 'none':
        return {};
      case 'basic':
        return { authorization: basic(authentication.username, withSecrets(authentication.password, secrets)) };
      case 'bearer':
        return { authorization: `Bearer ${withSecrets(authentication.token, secrets)}` };
      case 'api-key': {
        const value = withSecrets(authentication.value, secrets);
        if (authentication.in === 'header') return { [authentication.name.toLowerCase()]: value };
        url.searchParams.set(authentication.name, value);
        return {};
      }
      case 'oauth2':
        return { authorization: `Bearer ${await this.#accessToken(authentication, signal)}` };
    }
  }

  /** The other side did not take the proof. True when another attempt would bring another one. */
  refused(): boolean {
    const had = this.#token !== undefined;
    this.#token = undefined;
    return had;
  }

  /** RFC 6749 section 4.4, client credentials. */
  async #accessToken(oauth: Authentication & { kind: 'oauth2' }, signal: AbortSignal): Promise<string> {
    const { secrets, send, now } = this.#o;
    if (this.#token && this.#token.until > now()) return this.#token.text;
    const clientSecret = withSecrets(oauth.clientSecret, secrets);
    const inBody = oauth.clientIn === 'body';
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(oauth.scope !== undefined && { scope: oauth.scope }),
      ...(inBody && { client_id: oauth.clientId, client_secret: clientSecret }),
    });
    const { status, body } = await send(fillUrl(oauth.tokenUrl, NOTHING, 'rfc3339', secrets), {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        // Section 2.3.1: both parts are form-encoded before they are joined.
        ...(!inBody && { authorization: basic(encodeURIComponent(oauth.clientId), encodeURIComponent(clientSecret)) }),
      },
      body: form.toString(),
      signal,
      mostBytes: MOST_ANSWER_BYTES,
    });
    const answer = status >= 200 && status < 300 ? readToken(body.toString()) : undefined;
    if (!answer) throw noToken(status);
    const seconds = answer.expiresIn ?? UNSAID_S;
    this.#token = { text: answer.token, until: now() + seconds * 1000 - MARGIN_MS };
    return answer.token;
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function readToken(text: string): { token: string; expiresIn: number | undefined } | undefined {
  try {
    const { access_token: token, expires_in: expires } = JSON.parse(text) as Record<string, unknown>; // each checked below
    if (typeof token !== 'string' || token === '') return undefined;
    const seconds = Number(expires);
    return { token, expiresIn: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined };
  } catch {
    return undefined;
  }
}

function noToken(status: number): SourceFault {
  const again = status === 429 || status >= 500;
  return new SourceFault(
    {
      da: `Adgangstjenesten gav intet adgangstoken (svar ${status}). Kontrollér klient-id og hemmelighed.`,
      en: `The authorisation server gave no access token (status ${status}). Check the client id and its secret.`,
    },
    { again },
  );
}
