/** Sources of readings outside: vendors' clouds that are asked, foreign brokers that are listened to, and whoever pushes. */
import Type, { type Static } from 'typebox';
import { decidePut, ownersSeen } from '../../knowledge/access/decide.ts';
import { PUSH_TOKEN } from '../../knowledge/sources/http-push.ts';
import { Unavailable } from '../../model/errors.ts';
import { etagOf } from '../../model/etag.ts';
import { newSecret } from '../../model/secret.ts';
import { type Source, SourceBody } from '../../model/source.ts';
import type { SourceState } from '../../model/source-runner.ts';
import { formatTime } from '../../model/time.ts';
import { checkedSettings, checkHosts, secretsOf } from './check-source.ts';
import { type Call, endpoint } from './endpoint.ts';
import { preferredLanguage } from './language.ts';
import { invalid, notFound, Problem } from './problems.ts';
import { putEntity } from './put.ts';
import { AnyId, NewId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';

const { secrets: _, ...shownProperties } = SourceBody.properties;
const Count = Type.Integer({ description: 'since the platform started' });
const Shown = Type.Object({
  id: Type.String(),
  ...shownProperties,
  secretNames: Type.Array(Type.String()),
  pushUrl: Type.Optional(Type.String()),
  state: Type.Optional(
    Type.Object({
      connection: Type.Enum(['connected', 'connecting', 'failed', 'off']),
      since: Type.String(),
      detail: Type.Optional(Type.String({ description: 'what somebody should look at, in the language asked for' })),
      lastMessageAt: Type.Optional(Type.String()),
      lastRunAt: Type.Optional(Type.String()),
      nextRunAt: Type.Optional(Type.String()),
      messages: Count,
      records: Count,
      unusable: Count,
      unknown: Count,
    }),
  ),
});

function show(call: Call, source: Source, { sources, publicUrl }: Services) {
  const { secrets, ...open } = source;
  const state = sources?.state(source.id);
  return {
    ...open,
    secretNames: Object.keys(secrets ?? {}).sort(),
    ...(source.kind === 'http-push' && { pushUrl: pushUrl(publicUrl(), source.id) }),
    ...(state && { state: showState(call, state) }),
  };
}

function showState(call: Call, { detail, since, lastMessageAt, lastRunAt, nextRunAt, ...rest }: SourceState) {
  const language = preferredLanguage(call.request.headers['accept-language']);
  return {
    ...rest,
    since: formatTime(since),
    ...(detail && { detail: detail[language] }),
    ...(lastMessageAt !== undefined && { lastMessageAt: formatTime(lastMessageAt) }),
    ...(lastRunAt !== undefined && { lastRunAt: formatTime(lastRunAt) }),
    ...(nextRunAt !== undefined && { nextRunAt: formatTime(nextRunAt) }),
  };
}

function pushUrl(publicUrl: string, id: string): string {
  return `${publicUrl}/api/v1/sources/${id}/push`;
}

export const list = endpoint(
  {
    summary: 'Sources, by id, with how each stands',
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: PageOf(Shown),
  },
  async (call, services) => {
    const owners = ownersSeen(call.principal);
    const found = await services.registry.sources.list({ ...(owners && { owners }) }, call.query);
    return { ...found, items: found.items.map((source) => show(call, source, services)) };
  },
);

export const get = endpoint({ summary: 'One source', params: AnyId, answer: Shown }, async (call, services) => {
  const { id } = call.params;
  const source = call.must('read-sources', await services.registry.sources.get(id), 'source', id);
  // The tag is that of what a PUT replaces; the state changes without it, so there is no 304 here.
  call.reply.header('etag', etagOf(source));
  return show(call, source, services);
});

export const put = endpoint(
  {
    summary: 'Add or change a source; secrets that are not in the body stay, unless they would go to another host',
    params: NewId,
    body: SourceBody,
    answer: Shown,
  },
  async (call, services) => {
    const { registry, config, sources } = services;
    const { params, body, principal } = call;
    const { id } = params;
    const stored = await registry.sources.get(id);
    const conditional = call.request.headers['if-match'] !== undefined;
    const decision = decidePut(principal, 'edit-sources', stored, { owner: body.owner }, conditional);
    call.settle(decision, { action: 'edit-sources', what: 'source', id });
    if (!(await registry.organisations.get(body.owner)))
      throw invalid('/owner', `there is no organisation "${body.owner}"`);
    const settings = checkedSettings(id, body, stored);
    checkHosts(body.kind, settings, config.allowPrivateTargets ?? false);
    const secrets = secretsOf(body, settings, stored);
    const { secrets: _given, ...open } = body;
    const next: Source = { ...open, id, settings, ...(Object.keys(secrets).length > 0 && { secrets }) };
    await putEntity(call, {
      kind: 'source',
      owner: next.owner,
      stored,
      next,
      put: (source, options) => registry.sources.put(source, options),
    });
    await sources?.changed();
    return show(call, next, services);
  },
);

export const remove = endpoint(
  { summary: 'Remove a source; its devices and their readings stay', params: AnyId, status: 204 },
  async (call, { registry, sources }) => {
    const { id } = call.params;
    const { owner } = call.must('edit-sources', await registry.sources.get(id), 'source', id);
    if (!(await registry.sources.delete(id))) throw notFound('source');
    await call.changed('delete-source', `source/${id}`, owner);
    await sources?.changed();
    call.reply.code(204);
  },
);

export const makeToken = endpoint(
  {
    summary: 'A new token for whoever pushes, shown once; the former one ends at once',
    params: AnyId,
    status: 201,
    answer: Type.Object({ token: Type.String(), url: Type.String() }),
  },
  async (call, { registry, sources, publicUrl }) => {
    const { id } = call.params;
    const source = call.must('edit-sources', await registry.sources.get(id), 'source', id);
    if (source.kind !== 'http-push') throw new Problem('invalid-input', 'Only a source that pushes has a token.');
    const token = newSecret();
    const next = { ...source, secrets: { ...source.secrets, [PUSH_TOKEN]: token } };
    await registry.sources.put(next, { expected: etagOf(source) });
    await call.changed('make-push-token', `source/${id}`, source.owner);
    await sources?.changed();
    call.reply.code(201).header('cache-control', 'no-store');
    return { token, url: pushUrl(publicUrl(), id) };
  },
);

export const run = endpoint(
  { summary: 'Ask the vendor at once, not at the next turn', params: AnyId, status: 202 },
  async (call, { registry, sources }) => {
    const { id } = call.params;
    call.must('edit-sources', await registry.sources.get(id), 'source', id);
    if (!sources) throw new Unavailable('sources are not run here');
    if (!sources.run(id))
      throw new Problem('invalid-input', 'Only a source that is asked, and is enabled, can be run.');
    call.reply.code(202);
  },
);

const Test = Type.Object(
  {
    sample: Type.Optional(Type.Unknown({ description: 'a message: its text, or its JSON as it is' })),
    topic: Type.Optional(Type.String({ maxLength: 500, description: 'of the sample, for a source of kind mqtt' })),
  },
  { additionalProperties: false },
);

export const test = endpoint(
  {
    summary: 'What a source would make of a sample, or of what its vendor answers now; nothing is stored',
    params: AnyId,
    body: Test,
    answer: Type.Unknown(),
  },
  async (call, { registry, sources }) => {
    const { id } = call.params;
    const source = call.must('edit-sources', await registry.sources.get(id), 'source', id);
    if (!sources) throw new Unavailable('sources are not run here');
    const { records, ...rest } = await sources.test(source, testOf(call.body));
    return {
      ...rest,
      records: records.map(({ time, ...record }) => ({
        ...record,
        ...(time !== undefined && { time: showTime(time) }),
      })),
    };
  },
);

function testOf({ sample, topic }: Static<typeof Test>): { sample?: string; topic?: string } {
  return {
    ...(sample !== undefined && { sample: typeof sample === 'string' ? sample : JSON.stringify(sample) }),
    ...(topic !== undefined && { topic }),
  };
}

/** A sample may say anything; what is no time on our calendar is shown as it came. */
function showTime(ms: number): string | number {
  return Math.abs(ms) <= 8.64e15 ? formatTime(ms) : ms;
}
