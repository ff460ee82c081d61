/** Rules: those that ship with an asset type, and those an organisation makes for its own assets. */
import Type, { type Static } from 'typebox';
import { decide, decideNew, decidePut } from '../../knowledge/access/decide.ts';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { PLACEHOLDERS, strangePlaceholders } from '../../knowledge/conditions/sentence.ts';
import type { Quantity } from '../../model/catalogue.ts';
import type { Condition, Limit, Threshold } from '../../model/condition.ts';
import { etagOf } from '../../model/etag.ts';
import { type Rule, RuleBody, type Text } from '../../model/rule.ts';
import { type Call, endpoint } from './endpoint.ts';
import { type FieldError, notFound, Problem } from './problems.ts';
import { putEntity, withEtag } from './put.ts';
import { AnyId, NewId } from './schemas/common.ts';
import type { Services } from './services.ts';

const Shown = Type.Object({
  id: Type.String(),
  ...RuleBody.properties,
  owner: Type.String({ description: 'empty for a rule that ships' }),
  version: Type.Integer(),
  builtin: Type.Boolean(),
});

/** The rules of the asker's organisation and those that ship, where nothing in the registry replaces them. */
export const list = endpoint(
  { summary: 'Rules', answer: Type.Object({ items: Type.Array(Shown) }) },
  async ({ principal }, { registry, ruleSet }) => {
    const stored = await registry.rules.list();
    const replaced = new Set(stored.map((r) => r.id));
    const shipped = ruleSet.builtin.filter((r) => !replaced.has(r.id));
    const visible = stored.filter((r) => r.owner === '' || decide(principal, 'read-rules', r).allowed);
    return { items: [...visible, ...shipped].map((r) => show(r, ruleSet.builtin)) };
  },
);

function show(rule: Rule, builtinRules: readonly Rule[]) {
  return { ...rule, builtin: builtinRules.some((b) => b.id === rule.id) };
}

export const get = endpoint({ summary: 'One rule', params: AnyId, answer: Shown }, async (call, services) => {
  const { id } = call.params;
  const rule = (await services.registry.rules.get(id)) ?? services.ruleSet.builtin.find((r) => r.id === id);
  if (rule?.owner === '') return withEtag(call, rule, show(rule, services.ruleSet.builtin));
  const own = call.must('read-rules', rule, 'rule', id);
  return withEtag(call, own, show(own, services.ruleSet.builtin));
});

export const put = endpoint(
  {
    summary: 'Create or change a rule; with the id of a rule that ships, it takes its place',
    params: NewId,
    body: RuleBody,
    answer: Shown,
  },
  async (call, services) => {
    const { registry, directory, catalogue, ruleSet } = services;
    const { id } = call.params;
    const stored = await registry.rules.get(id);
    const replacesBuiltin = id.startsWith('builtin.');
    if (replacesBuiltin && call.principal.role !== 'platform')
      throw new Problem(
        'forbidden',
        'The rules that ship count for everyone; only whoever runs the platform changes them.',
      );
    if (replacesBuiltin && !ruleSet.builtin.some((r) => r.id === id)) throw notFound('rule that ships');
    const proposed = { owner: call.body.appliesTo.owner ?? call.principal.organisation };
    const conditional = call.request.headers['if-match'] !== undefined;
    if (stored)
      call.settle(decidePut(call.principal, 'edit-rules', stored, proposed, conditional), {
        action: 'edit-rules',
        what: 'rule',
        id,
      });
    const owner = replacesBuiltin ? '' : ownerOf(call, services, stored);
    const errors = checkRule(call.body, catalogue, services);
    const [first] = errors;
    if (first) throw new Problem('invalid-input', `${first.pointer}: ${first.detail}`, { errors });
    // Compared without its version, so that the same PUT twice makes no new one.
    const same: Rule = { ...call.body, id, owner, version: stored?.version ?? 0 };
    await putEntity(call, {
      kind: 'rule',
      owner,
      stored,
      next: same,
      put: (rule, options) => registry.rules.put({ ...rule, version: rule.version + 1 }, options),
    });
    await directory.refresh();
    const now = (await registry.rules.get(id)) ?? same;
    call.reply.header('etag', etagOf(now));
    return show(now, ruleSet.builtin);
  },
);

/**
 * Whose rule it is: the organisation whose assets it is about. A rule of an organisation reaches its own assets only, so
 * its scope names the owner or one asset.
 */
function ownerOf(
  call: Call<{ id: string }, unknown, RuleBody>,
  { directory }: Services,
  stored: Rule | undefined,
): string {
  const { appliesTo } = call.body;
  const asset = appliesTo.asset === undefined ? undefined : directory.asset(appliesTo.asset);
  if (appliesTo.asset !== undefined && (!asset || !decide(call.principal, 'read', asset).allowed))
    throw invalidScope('/appliesTo/asset', `there is no asset "${appliesTo.asset}"`);
  const named = appliesTo.owner ?? asset?.owner;
  if (call.principal.role === 'platform') return stored?.owner ?? named ?? '';
  if (named === undefined)
    throw invalidScope('/appliesTo', `name the owner ("${call.principal.organisation}") or one asset`);
  if (asset && named !== asset.owner) throw invalidScope('/appliesTo/owner', 'does not own that asset');
  call.settle(decideNew(call.principal, 'edit-rules', { owner: named }), {
    action: 'edit-rules',
    what: 'rule',
    id: call.params.id,
  });
  return named;
}

function invalidScope(pointer: string, detail: string): Problem {
  return new Problem('invalid-input', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
}

/** A rule that raises and clears at the same value would flap for ever. */
function checkThreshold({ raise, clear }: Static<typeof Threshold>, quantity: Quantity): FieldError[] {
  if (quantity.states)
    return [{ pointer: '/condition/kind', detail: `${quantity.name} is a state: use a condition of the kind "state"` }];
  const up = raise.op.startsWith('>');
  const down = raise.op.startsWith('<');
  if (!clear || !(up || down)) return [];
  if (up ? !clear.op.startsWith('<') : !clear.op.startsWith('>'))
    return [{ pointer: '/condition/clear/op', detail: `must look the other way than ${raise.op}` }];
  if (typeof raise.limit !== 'number' || typeof clear.limit !== 'number') return [];
  if (up ? clear.limit <= raise.limit : clear.limit >= raise.limit) return [];
  return [{ pointer: '/condition/clear/limit', detail: `must lie ${up ? 'below' : 'above'} the limit that raises` }];
}

/** The quantities, states and attributes a rule speaks of must exist, or it would be silent for ever. */
function checkRule(rule: RuleBody, catalogue: Catalogue, { directory }: Services): FieldError[] {
  const errors: FieldError[] = [];
  const { condition, appliesTo } = rule;
  const type = appliesTo.type ?? (appliesTo.asset === undefined ? undefined : directory.asset(appliesTo.asset)?.type);
  if (appliesTo.type !== undefined && !catalogue.assetType(appliesTo.type))
    errors.push({ pointer: '/appliesTo/type', detail: `there is no asset type "${appliesTo.type}"` });
  const types = type === undefined ? catalogue.assetTypes : catalogue.assetTypes.filter((t) => t.id === type);
  const hasAttribute = (name: string): boolean => types.some((t) => t.attributes.some((a) => a.name === name));
  for (const name of Object.keys(appliesTo.attributes ?? {})) {
    if (!hasAttribute(name)) errors.push({ pointer: `/appliesTo/attributes/${name}`, detail: 'no such attribute' });
  }
  errors.push(...checkSentence(rule.sentence, hasAttribute));
  if (condition.kind !== 'threshold' && condition.kind !== 'state') return errors;
  const quantity = catalogue.quantity(condition.quantity);
  if (!quantity) return [...errors, { pointer: '/condition/quantity', detail: `no quantity "${condition.quantity}"` }];
  for (const [pointer, limit] of limitsOf(condition)) {
    if (typeof limit === 'object' && !hasAttribute(limit.attribute))
      errors.push({ pointer, detail: `no attribute "${limit.attribute}"` });
  }
  if (condition.kind === 'threshold') errors.push(...checkThreshold(condition, quantity));
  if (condition.kind === 'state') {
    const names = quantity.states?.map((s) => s.name) ?? [];
    for (const state of [...condition.is, ...(condition.clear ?? [])]) {
      if (!names.includes(state))
        errors.push({
          pointer: '/condition/is',
          detail: `"${state}" is not one of ${names.join(', ') || 'any states'}`,
        });
    }
  }
  return errors;
}

/** What cannot be filled in would reach people as it stands, braces and all. */
function checkSentence(sentence: Text, hasAttribute: (name: string) => boolean): FieldError[] {
  return (['da', 'en'] as const).flatMap((language) => {
    const strange = strangePlaceholders(sentence[language], hasAttribute);
    if (strange.length === 0) return [];
    const are = strange.length === 1 ? 'is none' : 'are none';
    return [{ pointer: `/sentence/${language}`, detail: `${strange.join(', ')} ${are} of ${PLACEHOLDERS.join(', ')}` }];
  });
}

function limitsOf(condition: Condition): [pointer: string, limit: Limit][] {
  if (condition.kind !== 'threshold') return [];
  const raise: [string, Limit] = ['/condition/raise/limit', condition.raise.limit];
  return condition.clear ? [raise, ['/condition/clear/limit', condition.clear.limit]] : [raise];
}

export const remove = endpoint(
  { summary: 'Delete a rule; its open alerts are resolved', params: AnyId, status: 204 },
  async (call, { registry, directory }) => {
    const { id } = call.params;
    const rule = call.must('edit-rules', await registry.rules.get(id), 'rule', id);
    if (!(await registry.rules.delete(id))) throw notFound('rule');
    await call.changed('delete-rule', `rule/${id}`, rule.owner);
    await directory.refresh();
    call.reply.code(204);
  },
);
