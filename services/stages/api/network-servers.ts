/** LoRaWAN network servers: where each is reached, how it stands, and the token of its webhook. */
import { X509Certificate } from 'node:crypto';
import Type from 'typebox';
import { decidePut, ownersSeen } from '../../knowledge/access/decide.ts';
import { isPrivateHost } from '../../knowledge/access/public-address.ts';
import { placeholdersOf } from '../../knowledge/lorawan/topic.ts';
import { etagOf } from '../../model/etag.ts';
import { type NetworkServer, NetworkServerBody } from '../../model/network-server.ts';
import { hashSecret, newSecret } from '../../model/secret.ts';
import { formatTime } from '../../model/time.ts';
import { type Call, endpoint } from './endpoint.ts';
import { preferredLanguage } from './language.ts';
import { invalid, notFound, Problem } from './problems.ts';
import { checkConfirmed, putEntity } from './put.ts';
import { AnyId, Confirm, NewId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';

const { password: _, ...shownProperties } = NetworkServerBody.properties;
const Shown = Type.Object({
  id: Type.String(),
  ...shownProperties,
  hasPassword: Type.Boolean(),
  hasToken: Type.Boolean(),
  state: Type.Optional(
    Type.Object({
      connection: Type.Enum(['connected', 'connecting', 'failed', 'off']),
      since: Type.String(),
      detail: Type.Optional(Type.String({ description: 'what is wrong, in the language asked for' })),
      lastMessageAt: Type.Optional(Type.String()),
      messages: Type.Integer({ description: 'since the platform started' }),
    }),
  ),
});

function show(call: Call, server: NetworkServer, { networkServers }: Services) {
  const { password, tokens = [], privateAllowed: _, ...open } = server;
  const state = networkServers?.state(server);
  return {
    ...open,
    hasPassword: password !== undefined,
    hasToken: tokens.length > 0,
    ...(state && {
      state: {
        connection: state.connection,
        since: formatTime(state.since),
        ...(state.detail && { detail: state.detail[preferredLanguage(call.request.headers['accept-language'])] }),
        ...(state.lastMessageAt !== undefined && { lastMessageAt: formatTime(state.lastMessageAt) }),
        messages: state.messages,
      },
    }),
  };
}

export const list = endpoint(
  {
    summary: 'Network servers, by id, with the state of their connections',
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: PageOf(Shown),
  },
  async (call, services) => {
    const owners = ownersSeen(call.principal);
    const found = await services.registry.networkServers.list({ ...(owners && { owners }) }, call.query);
    return { ...found, items: found.items.map((server) => show(call, server, services)) };
  },
);

export const get = endpoint({ summary: 'One network server', params: AnyId, answer: Shown }, async (call, services) => {
  const { id } = call.params;
  const server = await services.registry.networkServers.get(id);
  const found = call.must('read-network-servers', server, 'network server', id);
  // The tag is that of what a PUT replaces; the state changes without it, so there is no 304 here.
  call.reply.header('etag', etagOf(found));
  return show(call, found, services);
});

export const put = endpoint(
  {
    summary: 'Add or change a network server; without a password in the body the present one stays',
    params: NewId,
    body: NetworkServerBody,
    answer: Shown,
  },
  async (call, services) => {
    const { registry, directory, config } = services;
    const { params, body, principal } = call;
    const { id } = params;
    const stored = await registry.networkServers.get(id);
    const conditional = call.request.headers['if-match'] !== undefined;
    const decision = decidePut(principal, 'edit-network-servers', stored, { owner: body.owner }, conditional);
    call.settle(decision, { action: 'edit-network-servers', what: 'network server', id });
    if (!(await registry.organisations.get(body.owner)))
      throw invalid('/owner', `there is no organisation "${body.owner}"`);
    checkAddress(body);
    checkTopics(body);
    checkAuthority(body.ca);
    const waiting = [...directory.devices()].some((d) => d.connection.networkServer === id && d.owner !== body.owner);
    // A former network server of that id had their trust; the next one has not.
    if (!stored && waiting) throw new Problem('id-taken', `The id "${id}" is in use. Choose another.`);
    const moved = stored?.url !== body.url;
    // Else whoever may edit it would have the password sent to a server of his own.
    if (body.url !== undefined && moved && stored?.password !== undefined && body.password === undefined)
      throw invalid('/password', 'give it again: the address is another one');
    const privateAllowed = principal.role === 'platform' || (!moved && stored?.privateAllowed === true);
    if (body.url !== undefined && !privateAllowed && !config.allowPrivateTargets && isPrivateHost(hostOf(body.url)))
      throw invalid('/url', 'is in a private network; only whoever runs the platform may enter such an address');
    const password = body.password ?? (body.url === undefined ? undefined : stored?.password);
    const next: NetworkServer = {
      ...body,
      id,
      ...(password !== undefined && { password }),
      ...(privateAllowed && { privateAllowed }),
      ...(stored?.tokens && { tokens: stored.tokens }),
    };
    await putEntity(call, {
      kind: 'network-server',
      owner: next.owner,
      stored,
      next,
      put: (server, options) => registry.networkServers.put(server, options),
    });
    await directory.refresh();
    return show(call, next, services);
  },
);

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function checkAddress({ transport, url }: NetworkServerBody): void {
  if (transport === 'http') return;
  if (url === undefined || !URL.canParse(url)) throw invalid('/url', 'must be mqtt://host:port or mqtts://host:port');
  const { username, password, pathname, search, hash, hostname } = new URL(url);
  if (username + password !== '') throw invalid('/url', 'must not hold a user name or a password: they have their own');
  if (hostname === '' || (pathname !== '' && pathname !== '/') || search + hash !== '')
    throw invalid('/url', 'must be a host and a port and nothing else');
}

const PLACEHOLDERS = {
  eventTopic: ['application', 'devEui', 'device', 'event'],
  commandTopic: ['application', 'devEui', 'device'],
  gatewayTopic: ['gateway'],
} as const;

function checkTopics(body: NetworkServerBody): void {
  for (const [name, known] of Object.entries(PLACEHOLDERS)) {
    const template = body[name as keyof typeof PLACEHOLDERS]; // the keys of the table above
    if (template === undefined) continue;
    const unknown = placeholdersOf(template).find((p) => !(known as readonly string[]).includes(p));
    if (unknown !== undefined)
      throw invalid(`/${name}`, `{${unknown}} is not known here; there are {${known.join('}, {')}}`);
    if (template === '' || /[+#\0]/.test(template))
      throw invalid(`/${name}`, 'is a topic with names in braces, without + and #');
  }
  // ChirpStack's messages do not say what they are.
  if (body.eventTopic !== undefined && body.kind === 'chirpstack' && !placeholdersOf(body.eventTopic).includes('event'))
    throw invalid('/eventTopic', 'must contain {event}');
}

function checkAuthority(ca: string | undefined): void {
  if (ca === undefined) return;
  try {
    new X509Certificate(ca);
  } catch (cause) {
    throw invalid('/ca', `is no certificate in PEM: ${cause instanceof Error ? cause.message : cause}`);
  }
}

export const remove = endpoint(
  {
    summary: 'Remove a network server; its broker keeps nothing for us any more',
    params: AnyId,
    query: Confirm,
    status: 204,
  },
  async (call, { registry, directory }) => {
    const { id } = call.params;
    const server = call.must('edit-network-servers', await registry.networkServers.get(id), 'network server', id);
    const named = [...directory.devices()].filter((d) => d.connection.networkServer === id).length;
    if (named > 0) checkConfirmed(id, call.query.confirm, `It is named by ${named} devices.`);
    if (!(await registry.networkServers.delete(id))) throw notFound('network server');
    await call.changed('delete-network-server', `network-server/${id}`, server.owner);
    await directory.refresh();
    call.reply.code(204);
  },
);

export const makeToken = endpoint(
  {
    summary:
      'A new token for its webhook, shown once; the former works until the new one is first used, at most 7 days',
    params: AnyId,
    query: Type.Object(
      { revoke: Type.Optional(Type.Literal('now', { description: 'the former token ends at once' })) },
      { additionalProperties: false },
    ),
    status: 201,
    answer: Type.Object({ token: Type.String(), url: Type.String() }),
  },
  async (call, { registry, directory, now, publicUrl }) => {
    const { id } = call.params;
    const server = call.must('edit-network-servers', await registry.networkServers.get(id), 'network server', id);
    const token = newSecret();
    const former = call.query.revoke === 'now' ? [] : (server.tokens ?? []).slice(0, 1);
    const tokens = [{ hash: hashSecret(token), createdAt: now() }, ...former];
    await registry.networkServers.put({ ...server, tokens }, { expected: etagOf(server) });
    await call.changed('make-webhook-token', `network-server/${id}`, server.owner);
    await directory.refresh();
    call.reply.code(201).header('cache-control', 'no-store');
    return { token, url: `${publicUrl()}/api/v1/network-servers/${id}/events` };
  },
);
