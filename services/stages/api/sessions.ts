/** Browser sessions: a cookie that stands for a token, so that the token itself never lies in a browser. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../../model/token.ts';
import { ADMIN, type PrincipalCache } from '../../pipeline/principal-cache.ts';

const COOKIE = 'sansevaerk_session';
const LIFE_MS = 12 * 3_600_000;
const LOGIN_LINK_MS = 24 * 3_600_000;
const MOST_SESSIONS = 10_000;

interface Session {
  /** Hash of the token it stands for; empty for the administrator of the installation. */
  tokenHash: string;
  until: number;
}

/** Kept in memory: a restart asks people to log in again, and nothing on disk can be stolen. */
export class Sessions {
  #principals: PrincipalCache;
  #now: () => number;
  #sessions = new Map<string, Session>();
  #login: { hash: Buffer; until: number } | undefined;

  constructor({ principals, now }: { principals: PrincipalCache; now: () => number }) {
    this.#principals = principals;
    this.#now = now;
  }

  /** A session for the one who has `token`; `undefined` when nobody has. */
  async open(token: string): Promise<{ cookie: string; principal: Principal } | undefined> {
    const principal = await this.#principals.of(token);
    if (!principal) return undefined;
    return { cookie: this.#add(principal === ADMIN ? '' : hash(token).toString('hex')), principal };
  }

  /** Who a cookie stands for now: a revoked token ends its sessions too. */
  async principal(cookie: string): Promise<Principal | undefined> {
    const key = hash(cookie).toString('hex');
    const session = this.#sessions.get(key);
    if (!session) return undefined;
    if (this.#now() >= session.until) {
      this.#sessions.delete(key);
      return undefined;
    }
    return session.tokenHash === '' ? ADMIN : await this.#principals.ofHash(session.tokenHash);
  }

  close(cookie: string): void {
    this.#sessions.delete(hash(cookie).toString('hex'));
  }

  /** A code that makes one administrator session, within a day: how the very first login happens. */
  newLoginCode(): string {
    const code = randomBytes(24).toString('base64url');
    this.#login = { hash: hash(code), until: this.#now() + LOGIN_LINK_MS };
    return code;
  }

  useLoginCode(code: string): string | undefined {
    const login = this.#login;
    if (!login || this.#now() >= login.until || !timingSafeEqual(hash(code), login.hash)) return undefined;
    this.#login = undefined;
    return this.#add('');
  }

  #add(tokenHash: string): string {
    // The oldest goes first; a Map keeps the order of insertion.
    for (const key of this.#sessions.keys()) {
      if (this.#sessions.size < MOST_SESSIONS) break;
      this.#sessions.delete(key);
    }
    const cookie = randomBytes(32).toString('base64url');
    this.#sessions.set(hash(cookie).toString('hex'), { tokenHash, until: this.#now() + LIFE_MS });
    return cookie;
  }
}

export function readCookie(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE && value) return value;
  }
  return undefined;
}

/** `Strict`: no other site's link or form ever carries it. */
export function cookieHeader(value: string, secure: boolean): string {
  const life = value === '' ? 0 : LIFE_MS / 1000;
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${life}${secure ? '; Secure' : ''}`;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
