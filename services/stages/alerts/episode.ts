/** How an episode changes: pure functions from an alert and what happened to the next revision of it. */
import type { Act, Alert, AlertEvent, Transition } from '../../model/alert.ts';

/** Of the timeline; the middle of a longer one is left out. The acts themselves stay in the log and the audit. */
const MOST_EVENTS = 500;

export function raisedBy(t: Transition): Alert {
  return {
    id: t.alert,
    rule: t.rule,
    ruleVersion: t.ruleVersion,
    asset: t.asset,
    owner: t.owner,
    operator: t.operator,
    type: t.type,
    state: 'open',
    severity: t.severity,
    outcome: t.outcome,
    recipients: t.recipients,
    name: t.name,
    sentence: t.sentence,
    evidence: t.evidence,
    raisedAt: t.time,
    timeline: [{ at: t.time, kind: 'raised' }],
    revision: 1,
  };
}

export function clearedBy(alert: Alert, t: Transition): Alert {
  const cause = t.cause ? { cause: t.cause } : {};
  const changed = { state: 'resolved' as const, clearedAt: t.time, resolvedAt: t.time, ...cause };
  return next(alert, { at: t.time, kind: 'cleared', ...cause }, changed);
}

/** `undefined` when the act changes nothing: it was handled before, or comes too late. */
export function changedBy(alert: Alert, act: Act): Alert | undefined {
  if (hasAct(alert, act)) return undefined;
  const event: AlertEvent = {
    id: act.id,
    at: act.at,
    kind: act.kind,
    by: act.by,
    ...(act.note === undefined ? {} : { note: act.note }),
    ...(act.assignee === undefined ? {} : { assignee: act.assignee }),
  };
  switch (act.kind) {
    case 'acknowledge':
      // The first one took it on; another is told so by the API.
      if (alert.state !== 'open') return undefined;
      return next(alert, event, { state: 'acknowledged', acknowledgedAt: act.at, acknowledgedBy: act.by });
    case 'assign': {
      if (alert.state === 'resolved') return undefined;
      const { assignee: _, ...unassigned } = alert;
      return next(unassigned, event, act.assignee ? { assignee: act.assignee } : {});
    }
    case 'comment':
      return next(alert, event, {});
    case 'resolve':
      if (alert.state === 'resolved') return undefined;
      return next(alert, event, { state: 'resolved', resolvedAt: act.at, resolvedBy: act.by });
  }
}

export function hasAct(alert: Alert, act: Act): boolean {
  return alert.timeline.some((event) => event.id === act.id);
}

function next(alert: Alert, event: AlertEvent, changed: Partial<Alert>): Alert {
  const timeline = [...alert.timeline, event];
  if (timeline.length > MOST_EVENTS) timeline.splice(1, timeline.length - MOST_EVENTS); // how it began stays
  return { ...alert, ...changed, timeline, revision: alert.revision + 1 };
}
