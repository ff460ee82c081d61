/** Alerts: the episodes people handle, and what they do about them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import Type, { type TSchema } from 'typebox';
import { alertVisibility } from '../../knowledge/access/decide.ts';
import type { Act, Alert } from '../../model/alert.ts';
import { Severity } from '../../model/rule.ts';
import { formatTime } from '../../model/time.ts';
import { type Call, endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';
import { AnyId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';

/** How long an answer waits for the alert to show what was done; after that it says 202. */
const PROJECTION_MS = 2000;
const PROJECTION_STEP_MS = 20;

const Shown = Type.Object({
  id: Type.String(),
  rule: Type.String(),
  asset: Type.String(),
  state: Type.String(),
  severity: Severity,
  outcome: Type.String(),
  name: Type.Unknown(),
  sentence: Type.Unknown(),
  evidence: Type.Unknown(),
  raisedAt: Type.String(),
  timeline: Type.Array(Type.Unknown()),
});

/** Times as text, everything else as it is kept. */
export function showAlert(alert: Alert) {
  const { raisedAt, clearedAt, acknowledgedAt, resolvedAt, timeline, evidence, ...rest } = alert;
  const { time, received, ...values } = evidence;
  return {
    ...rest,
    evidence: { ...values, ...at('time', time), ...at('received', received) },
    raisedAt: formatTime(raisedAt),
    ...at('clearedAt', clearedAt),
    ...at('acknowledgedAt', acknowledgedAt),
    ...at('resolvedAt', resolvedAt),
    timeline: timeline.map((event) => ({ ...event, at: formatTime(event.at) })),
  };
}

function at<K extends string>(name: K, time: number | undefined): { [name in K]?: string } {
  return time === undefined ? {} : ({ [name]: formatTime(time) } as { [name in K]: string }); // its one member is `name`
}

export const list = endpoint(
  {
    summary: 'Alerts, newest first',
    query: Type.Object(
      {
        ...PageQuery,
        state: Type.Optional(Type.Enum(['open', 'acknowledged', 'resolved'])),
        severity: Type.Optional(Severity),
        owner: Type.Optional(Type.String()),
        type: Type.Optional(Type.String()),
        asset: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
    answer: PageOf(Shown),
  },
  async ({ principal, query }, { registry }) => {
    const { limit, cursor, ...filter } = query;
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    const found = await registry.alerts.list({ visible: alertVisibility(principal), ...filter }, page);
    return { ...found, items: found.items.map(showAlert) };
  },
);

export const counts = endpoint({ summary: 'How many alerts are open, acknowledged, resolved' }, (call, { registry }) =>
  registry.alerts.counts(alertVisibility(call.principal)),
);

export const get = endpoint({ summary: 'One alert', params: AnyId, answer: Shown }, async (call, { registry }) => {
  const { id } = call.params;
  return showAlert(call.must('read-alerts', await registry.alerts.get(id), 'alert', id));
});

const Note = Type.Object({ note: Type.Optional(Type.String({ maxLength: 2000 })) }, { additionalProperties: false });

export const acknowledge = act('acknowledge', 'Acknowledge: somebody looks after it', Note);
export const resolve = act('resolve', 'Resolve by hand; a new alert needs a reading received after this', Note);
export const comment = act(
  'comment',
  'Write a note',
  Type.Object({ note: Type.String({ minLength: 1, maxLength: 2000 }) }, { additionalProperties: false }),
);
export const assign = act(
  'assign',
  'Say who looks after it',
  Type.Object({ assignee: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }),
);

function act<B extends TSchema>(kind: Act['kind'], summary: string, body: B) {
  return endpoint<typeof AnyId, TSchema, B>({ summary, params: AnyId, body, answer: Shown }, async (call, services) => {
    const { id } = call.params;
    const alert = call.must(kind, await services.registry.alerts.get(id), 'alert', id);
    if (comesTooLate(alert, kind)) return showAlert(alert);
    // Its schema is one of those above: a note or an assignee, nothing else.
    const given = call.body as { note?: string; assignee?: string };
    const done: Act = { id: randomUUID(), alert: id, kind, by: call.principal.id, at: services.now(), ...given };
    await services.appender.append('acts', done);
    await call.changed(kind, `alert/${id}`, alert.owner);
    return await answerOnceSeen(call, services, done);
  });
}

/**
 * What is so already is no error, and the alert says since when and by whom; comments may come at any time.
 * @throws Problem `alert-resolved` for what cannot be done any more.
 */
function comesTooLate({ state, resolvedAt }: Alert, kind: Act['kind']): boolean {
  if (kind === 'comment') return false;
  if (state !== 'resolved') return kind === 'acknowledge' && state === 'acknowledged';
  if (kind === 'resolve') return true;
  const when = resolvedAt === undefined ? '' : ` since ${formatTime(resolvedAt)}`;
  throw new Problem('alert-resolved', `The alert is resolved${when}. A comment can still be written.`);
}

/** It is durable already; what the answer waits for is only that it shows, or that somebody else was quicker. */
async function answerOnceSeen(call: Call, { registry }: Services, done: Act) {
  const until = performance.now() + PROJECTION_MS;
  for (;;) {
    const alert = await registry.alerts.get(done.alert);
    if (alert && (alert.timeline.some((e) => e.id === done.id) || comesTooLate(alert, done.kind)))
      return showAlert(alert);
    if (performance.now() >= until) {
      call.reply.code(202);
      return alert && showAlert(alert);
    }
    await wait(PROJECTION_STEP_MS);
  }
}
