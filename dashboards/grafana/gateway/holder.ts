/** Whose a token is: asked of the platform, remembered for a minute, so that a revoked token is of no use after that. */
import { createHash } from 'node:crypto';
import { Refused } from './refused.ts';

/** What a holder may see. */
export type Sees = { all: true } | { all: false; owner: string };

// Semantics, "Ids and the wall": what is revoked ends within 60 s.
const REMEMBERED_MS = 60_000;
const DEADLINE_MS = 5_000;
const MOST = 1_000;

export class Holders {
  #platformUrl: string;
  #overviewHash: string | undefined;
  #known = new Map<string, { sees: Sees; until: number }>();

  /** `overviewToken`: of the joint data source, which sees every organisation; the platform does not know it. */
  constructor({ platformUrl, overviewToken }: { platformUrl: string; overviewToken?: string }) {
    this.#platformUrl = platformUrl;
    this.#overviewHash = overviewToken ? hash(overviewToken) : undefined;
  }

  /** @throws Refused 401 for a token nobody has, 503 while the platform does not answer. */
  async of(token: string): Promise<Sees> {
    const key = hash(token);
    if (key === this.#overviewHash) return { all: true };
    const known = this.#known.get(key);
    if (known && known.until > performance.now()) return known.sees;
    this.#known.delete(key);
    const sees = await this.#ask(token);
    // The one remembered longest goes first.
    if (this.#known.size >= MOST) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(key, { sees, until: performance.now() + REMEMBERED_MS });
    return sees;
  }

  async #ask(token: string): Promise<Sees> {
    let response: Response;
    try {
      response = await fetch(`${this.#platformUrl}/api/v1/session`, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch (cause) {
      throw Object.assign(new Refused(503, 'the platform does not answer, so nobody is let in'), { cause });
    }
    if (response.status === 401) throw new Refused(401, 'the token is not known, has expired or was revoked');
    if (!response.ok) throw new Refused(503, `the platform answered ${response.status}`);
    const { organisation, role } = (await response.json()) as { organisation?: unknown; role?: unknown };
    if (role === 'platform') return { all: true };
    if (role === 'public' || typeof organisation !== 'string' || organisation === '')
      throw new Refused(403, 'the token belongs to no organisation');
    return { all: false, owner: organisation };
  }
}

/** Tokens are not kept; a digest is compared, so that the time it takes says nothing of the token. */
function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
