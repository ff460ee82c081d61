/** What a network server posts: ChirpStack's HTTP integration and webhooks of The Things Stack, with the token made for it. */
import { timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { Rejected, Unavailable } from '../../model/errors.ts';
import { etagOf } from '../../model/etag.ts';
import type { NetworkServer, WebhookToken } from '../../model/network-server.ts';
import { hashSecret } from '../../model/secret.ts';
import { tokenOf } from './authenticate.ts';
import { type Call, type Endpoint, endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';
import { readAll } from './read-body.ts';
import { AnyId } from './schemas/common.ts';
import type { Services } from './services.ts';

const MOST_BYTES = 64 * 1024;
const FORMER_MS = 7 * 86_400_000;

const Kind = Type.String({ maxLength: 30 });
const Query = Type.Object({
  event: Type.Optional(Type.String({ maxLength: 60, description: 'as ChirpStack adds it' })),
});

/** The same at each depth of address: The Things Stack adds a path for each kind of message. */
function events(params: typeof AnyId, example: string): Endpoint {
  return endpoint(
    {
      summary: `A message of a network server (${example}), with the token of its webhook; answered once it is on disk`,
      params,
      query: Query,
      stream: '*/*',
      status: 204,
    },
    async (call, services) => {
      const { query, request, reply } = call;
      const { id, kind, detail }: { id: string; kind?: string; detail?: string } = call.params;
      const server = await verified(call, services, id);
      const body = await readAll(request.body as Readable, MOST_BYTES); // the stream parser gives the request itself
      if (!services.networkServers) throw new Unavailable('network servers are not run here');
      const path = [kind, detail].filter((part) => part !== undefined).join('/');
      await services.networkServers.posted(server, query.event ?? path, body);
      reply.code(204);
    },
  );
}

export const post = events(AnyId, '?event=up');
export const postKind = events(Type.Object({ ...AnyId.properties, kind: Kind }), '/up');
export const postDetail = events(Type.Object({ ...AnyId.properties, kind: Kind, detail: Kind }), '/down/ack');

/** One answer for all that is not right: whoever tries ids and tokens learns nothing. */
async function verified(call: Call, services: Services, id: string): Promise<NetworkServer> {
  const { directory, now, webhookFailures, ops } = services;
  const server = directory.networkServer(id);
  const given = hashSecret(tokenOf(call.request.headers.authorization) ?? '');
  const token = validToken(server?.tokens ?? [], given, now());
  if (server && token && server.enabled && server.transport === 'http') {
    if (token === server.tokens?.[0] && token.usedAt === undefined) await firstUse(services, id, token);
    return server;
  }
  const { ip } = call.request;
  if (!webhookFailures.attempt(`${ip} ${id.slice(0, 64)}`, performance.now()))
    throw new Problem('too-many', 'Too many attempts with a token that is not right.', { retryAfterSeconds: 60 });
  ops.logger.warn({ networkServer: id.slice(0, 64), address: ip }, 'webhook: the token is not right');
  throw new Problem('unauthenticated', 'Network server or token are not right.');
}

function validToken(tokens: readonly WebhookToken[], hash: string, now: number): WebhookToken | undefined {
  const [present, former] = tokens;
  if (present && same(present.hash, hash)) return present;
  const stands = present && former && present.usedAt === undefined && now < present.createdAt + FORMER_MS;
  return stands && same(former.hash, hash) ? former : undefined;
}

/** The present token is in use: the former one ends here. Whoever changes the entry just now is not overwritten; the next message tries again. */
async function firstUse({ registry, directory, now }: Services, id: string, token: WebhookToken): Promise<void> {
  const server = await registry.networkServers.get(id);
  if (server?.tokens?.[0]?.hash !== token.hash) return;
  try {
    await registry.networkServers.put(
      { ...server, tokens: [{ ...token, usedAt: now() }] },
      { expected: etagOf(server) },
    );
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
  }
  await directory.refresh();
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
