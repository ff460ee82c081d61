/** Who a token belongs to: asked once, remembered for 30 s, so that a revoked token stops working within a minute. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Tokens } from '../model/registry.ts';
import type { Principal, Token } from '../model/token.ts';

const REMEMBER_MS = 30_000;
const MOST_REMEMBERED = 10_000;
/** A token's last use is noted this often at most: it is for the access review, not for counting. */
const NOTE_USE_MS = 10 * 60_000;

export const ADMIN: Principal = { id: 'admin', organisation: '', role: 'platform' };

interface Remembered {
  principal: Principal | undefined;
  until: number;
}

export class PrincipalCache {
  #tokens: Pick<Tokens, 'byHash' | 'used'>;
  #adminHash: Buffer | undefined;
  #now: () => number;
  #known = new Map<string, Remembered>();
  #noted = new Map<string, number>();

  constructor(from: { tokens: Pick<Tokens, 'byHash' | 'used'>; adminToken?: string; now?: () => number }) {
    this.#tokens = from.tokens;
    this.#adminHash = from.adminToken ? sha256(from.adminToken) : undefined;
    this.#now = from.now ?? Date.now;
  }

  get hasAdminToken(): boolean {
    return this.#adminHash !== undefined;
  }

  /** `undefined` when nobody has that token, or it has expired. @throws what the registry throws. */
  async of(token: string): Promise<Principal | undefined> {
    const hash = sha256(token);
    // Compared as hashes, so that neither length nor first differing byte shows in the time it takes.
    if (this.#adminHash && timingSafeEqual(hash, this.#adminHash)) return ADMIN;
    return await this.ofHash(hash.toString('hex'));
  }

  async ofHash(hash: string): Promise<Principal | undefined> {
    const now = this.#now();
    const known = this.#known.get(hash);
    if (known && now < known.until) return known.principal;
    const token = await this.#tokens.byHash(hash);
    const valid = token && (token.expiresAt === undefined || now < token.expiresAt) ? token : undefined;
    const principal = valid && { id: valid.id, organisation: valid.organisation, role: valid.role };
    // Refilling from nothing costs one look-up each; a flood of wrong tokens must not grow the memory.
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(hash, { principal, until: Math.min(now + REMEMBER_MS, valid?.expiresAt ?? Infinity) });
    if (valid) this.#noteUse(valid, now);
    return principal;
  }

  /** A token was revoked or changed here: forget at once instead of within 30 s. */
  forget(): void {
    this.#known.clear();
  }

  #noteUse(token: Token, now: number): void {
    if (now - (this.#noted.get(token.id) ?? token.lastUsedAt ?? 0) < NOTE_USE_MS) return;
    if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear();
    this.#noted.set(token.id, now);
    // Not worth failing a request for.
    this.#tokens.used(token.id, now).catch(() => {});
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
