/** Where notifications go: an organisation's webhooks and mailboxes. */
import Type from 'typebox';
import { decideNew, decidePut, ownersSeen } from '../../knowledge/access/decide.ts';
import { isPrivateHost } from '../../knowledge/access/public-address.ts';
import { Id } from '../../model/ids.ts';
import type { NotifyTarget } from '../../model/registry.ts';
import { Severity } from '../../model/rule.ts';
import { endpoint } from './endpoint.ts';
import { invalid, notFound } from './problems.ts';
import { putEntity, withEtag } from './put.ts';
import { AnyId, NewId } from './schemas/common.ts';

const Body = Type.Object(
  {
    organisation: Id,
    kind: Type.Enum(['webhook', 'email']),
    address: Type.String({ minLength: 3, maxLength: 1000, description: 'URL or mail address' }),
    secret: Type.Optional(
      Type.String({ minLength: 16, maxLength: 200, description: 'signs webhooks; kept sealed, never shown again' }),
    ),
    minimumSeverity: Severity,
    enabled: Type.Boolean({ default: true }),
  },
  { additionalProperties: false },
);
const { secret: _, ...shownProperties } = Body.properties;
const Shown = Type.Object({ id: Type.String(), ...shownProperties, hasSecret: Type.Boolean() });

function show({ secret, ...target }: NotifyTarget) {
  return { ...target, hasSecret: secret !== undefined };
}

const ownerOf = (target: NotifyTarget | undefined) => target && { owner: target.organisation };

export const list = endpoint(
  { summary: 'Targets of notifications', answer: Type.Object({ items: Type.Array(Shown) }) },
  async ({ principal }, { registry }) => {
    const owners = ownersSeen(principal);
    const targets = await registry.targets.list(owners?.length === 1 ? owners[0] : undefined);
    return { items: targets.filter((t) => !owners || owners.includes(t.organisation)).map(show) };
  },
);

export const get = endpoint({ summary: 'One target', params: AnyId, answer: Shown }, async (call, { registry }) => {
  const { id } = call.params;
  const target = await registry.targets.get(id);
  call.must('read-targets', ownerOf(target), 'target', id);
  return withEtag(call, target, target && show(target));
});

export const put = endpoint(
  {
    summary: 'Create or change a target; without a secret in the body the present one stays',
    params: NewId,
    body: Body,
    answer: Shown,
  },
  async (call, { registry, config }) => {
    const { id } = call.params;
    const stored = await registry.targets.get(id);
    const conditional = call.request.headers['if-match'] !== undefined;
    const about = { action: 'edit-targets', what: 'target', id } as const;
    const proposed = { owner: call.body.organisation };
    call.settle(decidePut(call.principal, 'edit-targets', ownerOf(stored), proposed, conditional), about);
    call.settle(decideNew(call.principal, 'edit-targets', proposed), about);
    if (!(await registry.organisations.get(call.body.organisation)))
      throw invalid('/organisation', `there is no organisation "${call.body.organisation}"`);
    checkAddress(call.body.kind, call.body.address, config.allowPrivateTargets ?? false);
    const secret = call.body.secret ?? stored?.secret;
    const next: NotifyTarget = { ...call.body, id, ...(secret !== undefined && { secret }) };
    await putEntity(call, {
      kind: 'target',
      owner: next.organisation,
      stored,
      next,
      put: (t, options) => registry.targets.put(t, options),
    });
    return show(next);
  },
);

function checkAddress(kind: string, address: string, allowPrivate: boolean): void {
  if (kind === 'email') {
    // One address, no display name, nothing that could begin a second header or recipient.
    if (!/^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(address)) throw invalid('/address', 'must be one mail address');
    return;
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '')
    throw invalid('/address', 'must be an http or https address without user name');
  // What a name leads to is asked at delivery, each time anew.
  if (!allowPrivate && isPrivateHost(url.hostname))
    throw invalid('/address', 'must be reachable from outside: not this machine, nor an address of a private network');
}

export const remove = endpoint(
  { summary: 'Delete a target', params: AnyId, status: 204 },
  async (call, { registry }) => {
    const { id } = call.params;
    const target = await registry.targets.get(id);
    const { owner } = call.must('edit-targets', ownerOf(target), 'target', id);
    if (!(await registry.targets.delete(id))) throw notFound('target');
    await call.changed('delete-target', `target/${id}`, owner);
    call.reply.code(204);
  },
);
