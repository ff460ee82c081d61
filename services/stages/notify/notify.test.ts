/** Which alert changes become which messages, and what they say. */
import { describe, expect, it } from 'vitest';
import type { Alert, AlertChange } from '../../model/alert.ts';
import { jsonBlock } from '../../model/json-block.ts';
import type { NotifyTarget, OutboxMessage } from '../../model/registry.ts';
import { type Message, mailOf, messageOf } from './message.ts';
import { createNotify } from './notify.ts';

const T0 = Date.UTC(2026, 10, 23, 1, 14);

const alert: Alert = {
  id: 'alert1',
  rule: 'builtin.pumping-station.high-level-ab',
  ruleVersion: 1,
  asset: 'pst-1',
  owner: 'forsyning',
  operator: 'service',
  type: 'pumping-station',
  state: 'open',
  severity: 'high',
  outcome: 'alarm',
  recipients: ['operations'],
  name: { da: 'Høj vandstand', en: 'High water level' },
  sentence: { da: 'Høj vandstand i Pst. Åvej: 2,31 m.', en: 'High water level in Pst. Åvej: 2.31 m.' },
  evidence: { quantity: 'waterDepth', value: 2.31, limit: 2.1, unit: 'm' },
  raisedAt: T0,
  timeline: [{ at: T0, kind: 'raised' }],
  revision: 1,
};
const raised: AlertChange = { alert, change: 'raised', notify: true };

const target = (id: string, more: Partial<NotifyTarget> = {}): NotifyTarget => ({
  id,
  organisation: 'service',
  kind: 'webhook',
  address: 'https://example.org/hook',
  minimumSeverity: 'low',
  enabled: true,
  ...more,
});

async function messagesOf(changes: AlertChange[], targets: NotifyTarget[]): Promise<OutboxMessage[]> {
  const added: OutboxMessage[] = [];
  let queued = 0;
  const stage = createNotify({
    registry: {
      outbox: { add: async (messages) => void added.push(...messages) },
      targets: { list: async (organisation) => targets.filter((t) => t.organisation === organisation) },
    },
    directory: { asset: () => undefined },
    link: (id) => `https://sansevaerk.example/alerts/${id}`,
    onQueued: () => queued++,
    now: () => T0,
  });
  const block = { ...jsonBlock('alerts', T0, changes), seq: 1, first: 0 };
  await stage.handle([{ block, from: 0, to: block.count }]);
  expect(queued).toBe(added.length > 0 ? 1 : 0);
  return added;
}

describe('notify', () => {
  it('gives a message for each target of the operator, with the same ids however often it is handled', async () => {
    const targets = [target('a'), target('b', { kind: 'email' }), target('theirs', { organisation: 'forsyning' })];
    const first = await messagesOf([raised], targets);
    expect(first.map((m) => m.id)).toEqual(['alert1.1.a', 'alert1.1.b']);
    expect(await messagesOf([raised], targets)).toEqual(first);
  });

  it('honours the severity a target wants, and whether it is on', async () => {
    const targets = [
      target('critical', { minimumSeverity: 'critical' }),
      target('high', { minimumSeverity: 'high' }),
      target('info', { minimumSeverity: 'info' }),
      target('off', { enabled: false }),
    ];
    expect((await messagesOf([raised], targets)).map((m) => m.target)).toEqual(['high', 'info']);
  });

  it('is silent about work, and about what nobody should hear', async () => {
    const work: AlertChange = { ...raised, alert: { ...alert, outcome: 'worklist' } };
    expect(await messagesOf([work, { ...raised, notify: false }], [target('a')])).toEqual([]);
  });

  it('says in the body of a webhook what happened, in both languages, with a link', async () => {
    const [message] = await messagesOf([raised], [target('a')]);
    const body = JSON.parse(message!.body) as Message;
    expect(body).toMatchObject({ type: 'alert.raised', timestamp: '2026-11-23T01:14:00.000Z' });
    expect(body.data).toMatchObject({
      alert: 'alert1',
      sentence: alert.sentence,
      severity: 'high',
      link: 'https://sansevaerk.example/alerts/alert1',
    });
  });

  it('never carries who did what: persons stay in the product', async () => {
    const acted = { ...alert, state: 'resolved' as const, resolvedAt: T0, resolvedBy: 'jens', assignee: 'jens' };
    const text = JSON.stringify(messageOf({ alert: acted, change: 'resolve', notify: true }, 'Pst.', 'l'));
    expect(text).not.toContain('jens');
  });
});

describe('mail', () => {
  const mail = (change: AlertChange, name = 'Pst. Åvej', now = T0) => mailOf(messageOf(change, name, 'https://l'), now);

  it('puts severity, what, where and when into the subject, Danish first and English below', () => {
    expect(mail(raised)).toEqual({
      subject: 'HØJ: Høj vandstand, Pst. Åvej kl. 02.14',
      text: 'Høj vandstand i Pst. Åvej: 2,31 m.\n\nKvittér: https://l\n\nHIGH: High water level in Pst. Åvej: 2.31 m.\n',
    });
  });

  it('says what ended, with the date when it is read on another day', () => {
    const ended = { ...alert, state: 'resolved' as const, resolvedAt: T0 };
    const { subject, text } = mail({ alert: ended, change: 'cleared', notify: true }, 'Pst. Åvej', T0 + 86_400_000);
    expect(subject).toBe('Ophørt: Høj vandstand, Pst. Åvej 23. november kl. 02.14');
    expect(text).toContain('Alarmen ophørte 23. november kl. 02.14. Den lød: Høj vandstand i Pst. Åvej: 2,31 m.');
  });

  it('keeps a name with a line break from becoming a header', () => {
    expect(mail(raised, 'x\r\nBcc: alle@example.org').subject).not.toMatch(/[\r\n]/);
  });
});
