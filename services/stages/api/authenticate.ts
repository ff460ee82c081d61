/** Who asks: an API token (Bearer, or Basic for Excel), the browser's session, or the public. */
import type { FastifyRequest } from 'fastify';
import { type Principal, PUBLIC } from '../../model/token.ts';
import { Problem } from './problems.ts';
import type { Services } from './services.ts';
import { readCookie } from './sessions.ts';

/** @throws Problem `unauthenticated` when something was given and nobody has it; `cross-site` when a browser was misled. */
export async function authenticate(request: FastifyRequest, services: Services): Promise<Principal> {
  const token = tokenOf(request.headers.authorization);
  if (token !== undefined) {
    const principal = await services.principals.of(token);
    if (!principal) throw new Problem('unauthenticated', 'The token is not known, has expired or was revoked.');
    return principal;
  }
  const cookie = readCookie(request.headers.cookie);
  const principal = cookie === undefined ? undefined : await services.sessions.principal(cookie);
  if (!principal) return PUBLIC; // an expired session reads like nobody, so that public pages stay
  if (request.method !== 'GET' && request.method !== 'HEAD') refuseOtherSites(request, services.publicUrl(), true);
  return principal;
}

/** The token of an Authorization header; `undefined` when there is none. Also how a device gives its secret. */
export function tokenOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer' && value !== '') return value;
  if (scheme.toLowerCase() === 'basic') {
    const text = Buffer.from(value, 'base64').toString();
    const password = text.slice(text.indexOf(':') + 1);
    if (password !== '') return password;
  }
  throw new Problem('unauthenticated', 'Give the token as "Authorization: Bearer TOKEN".');
}

/**
 * A browser sends its cookie with whatever another site makes it send. Three signs that it was our own page: where the
 * request says it comes from (`Origin`, `Sec-Fetch-Site`), and a header that no form can set.
 */
export function refuseOtherSites(request: FastifyRequest, publicUrl: string, needsHeader: boolean): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const fromOwnPage = origin === undefined || isOwnOrigin(origin, host, publicUrl);
  const siteFits = site === undefined || site === 'same-origin' || site === 'none';
  const hasHeader = !needsHeader || request.headers['x-sansevaerk'] !== undefined;
  if (fromOwnPage && siteFits && hasHeader) return;
  throw new Problem(
    'cross-site',
    'With a session, changes need the header "X-Sansevaerk: web" and must come from our own page.',
  );
}

/** Also asked before a WebSocket is opened: browsers send cookies and Origin there too, and ask nobody. */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const given = new URL(origin);
  return given.host === host || given.origin === new URL(publicUrl).origin;
}
