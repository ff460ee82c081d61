/** API tokens: how programs, and for now people, prove who they are. Shown once, kept only as a hash. */
import { randomUUID } from 'node:crypto';
import Type from 'typebox';
import { decideNew } from '../../knowledge/access/decide.ts';
import { Id } from '../../model/ids.ts';
import { hashSecret, newSecret } from '../../model/secret.ts';
import { formatTime } from '../../model/time.ts';
import { ROLES, type Token } from '../../model/token.ts';
import { type Call, endpoint } from './endpoint.ts';
import { invalid, Problem } from './problems.ts';
import { readOptionalTime } from './query.ts';
import { AnyId } from './schemas/common.ts';

const Shown = Type.Object({
  id: Type.String(),
  organisation: Type.String(),
  name: Type.String(),
  role: Type.Enum([...ROLES]),
  createdAt: Type.String(),
  expiresAt: Type.Optional(Type.String()),
  lastUsedAt: Type.Optional(Type.String()),
});

function show({ hash: _, createdAt, expiresAt, lastUsedAt, ...rest }: Token) {
  return {
    ...rest,
    createdAt: formatTime(createdAt),
    ...(expiresAt !== undefined && { expiresAt: formatTime(expiresAt) }),
    ...(lastUsedAt !== undefined && { lastUsedAt: formatTime(lastUsedAt) }),
  };
}

/** The platform sees the tokens of all; others those of their organisation. */
const ofWhom = (call: Call): string | undefined =>
  call.principal.role === 'platform' ? undefined : call.principal.organisation;

export const list = endpoint(
  { summary: 'API tokens, without their secrets', answer: Type.Object({ items: Type.Array(Shown) }) },
  async (call, { registry }) => ({ items: (await registry.tokens.list(ofWhom(call))).map(show) }),
);

export const create = endpoint(
  {
    summary: 'A new API token; the answer is the only time it is shown',
    body: Type.Object(
      {
        organisation: Type.Optional(Id),
        name: Type.String({ minLength: 1, maxLength: 200 }),
        role: Type.Enum([...ROLES]),
        expiresAt: Type.Optional(Type.String({ maxLength: 40 })),
      },
      { additionalProperties: false },
    ),
    status: 201,
    answer: Type.Object({ ...Shown.properties, token: Type.String() }),
  },
  async (call, { registry, now }) => {
    const { name, role } = call.body;
    const organisation = call.body.organisation ?? call.principal.organisation;
    call.settle(decideNew(call.principal, 'edit-tokens', { owner: organisation }), {
      action: 'edit-tokens',
      what: 'token',
      id: organisation,
    });
    if (role === 'platform' && call.principal.role !== 'platform')
      throw new Problem('forbidden', 'Only whoever runs the platform makes tokens for running it.');
    if (role !== 'platform' && !(await registry.organisations.get(organisation)))
      throw invalid('/organisation', `there is no organisation "${organisation}"`);
    const expiresAt = readOptionalTime('expiresAt', call.body.expiresAt);
    if (expiresAt !== undefined && expiresAt <= now()) throw invalid('/expiresAt', 'has passed already');
    const secret = newSecret();
    const token: Token = {
      id: randomUUID(),
      organisation,
      name,
      role,
      hash: hashSecret(secret),
      createdAt: now(),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    await registry.tokens.put(token);
    await call.changed('create-token', `token/${token.id}`, organisation, `${role}: ${name}`);
    call.reply.code(201).header('cache-control', 'no-store');
    return { ...show(token), token: secret };
  },
);

export const revoke = endpoint(
  { summary: 'Revoke a token; it stops working everywhere within a minute', params: AnyId, status: 204 },
  async (call, { registry, principals, live }) => {
    const { id } = call.params;
    const token = (await registry.tokens.list(ofWhom(call))).find((t) => t.id === id);
    call.must('edit-tokens', token && { owner: token.organisation }, 'token', id);
    await registry.tokens.revoke(id);
    principals.forget();
    live.forget();
    await call.changed('revoke-token', `token/${id}`, token?.organisation ?? '');
    call.reply.code(204);
  },
);
