/** What an endpoint is called with: made for each request, here is where every call passes access. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AttemptLimiter } from '../../knowledge/access/attempt-limiter.ts';
import { decide } from '../../knowledge/access/decide.ts';
import { MAY } from '../../knowledge/access/roles.ts';
import type { Principal } from '../../model/token.ts';
import type { Auditor } from './auditor.ts';
import type { Call } from './endpoint.ts';
import { notFound, Problem } from './problems.ts';
import type { Needs } from './routes.ts';

const LOCK_MS = 3_600_000;
const MOST_LOCKED = 2048;

/** Makes calls for requests; keeps who has tried too many ids that are not his. */
export class Calls {
  #auditor: Auditor;
  #limiter = new AttemptLimiter();
  // Who used up his attempts gets 429 for whatever is not found, so that the answer does not tell the two apart.
  #lockedUntil = new Map<string, number>();

  constructor({ auditor }: { auditor: Auditor }) {
    this.#auditor = auditor;
  }

  /** The first gate, before anything is looked up: has the role this action at all? */
  checkRole(principal: Principal, needs: Needs, request: FastifyRequest): void {
    if (needs === 'anyone' || needs === 'device' || MAY[principal.role].has(needs)) return;
    if (principal.role === 'public')
      throw new Problem('unauthenticated', 'This needs a token: Authorization: Bearer TOKEN.');
    this.#auditor.denied(principal, needs, request.url, 'the role does not have this right');
    throw new Problem('forbidden', `The role "${principal.role}" may not do that.`);
  }

  call(principal: Principal, request: FastifyRequest, reply: FastifyReply): Call {
    const key = principal.role === 'public' ? request.ip : principal.id;
    const settle: Call['settle'] = (decision, { action, what, id }) => {
      if (decision.allowed) return;
      this.#auditor.denied(principal, action, `${what}/${id}`, decision.as ?? 'forbidden');
      if (decision.as !== 'forbidden' && principal.role !== 'platform') this.#attempt(key);
      if (decision.as === 'id-taken') throw new Problem('id-taken', `The id "${id}" is in use. Choose another.`);
      if (decision.as === 'not-found') throw notFound(what);
      throw new Problem('forbidden', `You may not do that to ${what} "${id}".`);
    };
    return {
      params: request.params,
      query: request.query,
      body: request.body,
      principal,
      request,
      reply,
      settle,
      must: (action, resource, what, id) => {
        if (!resource) {
          this.#refuseLocked(key);
          throw notFound(what);
        }
        settle(decide(principal, action, resource), { action, what, id });
        return resource;
      },
      changed: (action, object, owner, detail) => this.#auditor.changed(principal, action, object, owner, detail),
    };
  }

  #attempt(key: string): void {
    this.#refuseLocked(key);
    if (this.#limiter.attempt(key, performance.now())) return;
    if (this.#lockedUntil.size >= MOST_LOCKED) this.#lockedUntil.clear();
    this.#lockedUntil.set(key, performance.now() + LOCK_MS);
    this.#refuseLocked(key);
  }

  #refuseLocked(key: string): void {
    const until = this.#lockedUntil.get(key);
    if (until === undefined || performance.now() >= until) return;
    throw new Problem('too-many', 'Too many attempts on things that are not yours. Try again in an hour.', {
      retryAfterSeconds: Math.ceil((until - performance.now()) / 1000),
    });
  }
}
