/** An endpoint: its schemas and a few lines that answer. The route table gives it method, path and action. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Resource } from '../../knowledge/access/decide.ts';
import type { Action } from '../../knowledge/access/roles.ts';
import type { Principal } from '../../model/token.ts';
import type { Services } from './services.ts';

/** One call of an endpoint: validated input, who asks, and the two things an endpoint does beside answering. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  params: P;
  query: Q;
  body: B;
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
  /**
   * Goes on only when `principal` may do `action` to `resource`; else a denial is audited and a Problem thrown. With
   * `resource` undefined (not found) the answer is the same 404 that a foreign thing gets.
   */
  must<R extends Resource>(action: Action, resource: R | undefined, what: string, id: string): R;
  /** The same for a decision already made; `id-taken` answers 409 without saying whose it is. */
  settle(
    decision: { allowed: boolean; as?: 'not-found' | 'forbidden' | 'id-taken' },
    about: { action: Action; what: string; id: string },
  ): void;
  /** Notes a change in the audit log; resolves when it is kept. */
  changed(action: string, object: string, owner: string, detail?: string): Promise<void>;
}

export interface Endpoint {
  summary: string;
  params: TSchema | undefined;
  query: TSchema | undefined;
  body: TSchema | undefined;
  /** What a success looks like, for the OpenAPI document. */
  answer: TSchema | undefined;
  /** Status of a success, for the OpenAPI document. */
  status: number;
  /** Takes the body as a stream of this media type instead of JSON. */
  stream: string | undefined;
  handle(call: Call, services: Services): unknown;
}

interface Definition<P extends TSchema, Q extends TSchema, B extends TSchema> {
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  answer?: TSchema;
  status?: number;
  stream?: string;
}

export function endpoint<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema>(
  definition: Definition<P, Q, B>,
  handle: (call: Call<Static<P>, Static<Q>, Static<B>>, services: Services) => unknown,
): Endpoint {
  const { summary, params, query, body, answer, status = 200, stream } = definition;
  // The server validates by these very schemas before it calls, so the call has the types they say.
  return { summary, params, query, body, answer, status, stream, handle: handle as Endpoint['handle'] };
}
