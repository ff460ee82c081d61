/** What leaves the house about an alert: one body for webhooks, and the mail made of it. Never a person's name. */
import { timePhrase } from '../../knowledge/conditions/phrases.ts';
import type { Alert, AlertChange } from '../../model/alert.ts';
import type { Severity, Text } from '../../model/rule.ts';
import { formatTime } from '../../model/time.ts';

/** The body of a webhook, shaped as Standard Webhooks asks: type, timestamp, data. */
export interface Message {
  type: 'alert.raised' | 'alert.resolved';
  /** Of what happened, RFC 3339. */
  timestamp: string;
  data: {
    alert: string;
    revision: number;
    state: Alert['state'];
    severity: Severity;
    rule: string;
    name: Text;
    sentence: Text;
    asset: string;
    assetName: string;
    assetType: string;
    owner: string;
    operator: string;
    recipients: string[];
    raisedAt: string;
    resolvedAt?: string;
    cause?: string;
    evidence: Alert['evidence'];
    link: string;
  };
}

export function messageOf({ alert, change }: AlertChange, assetName: string, link: string): Message {
  const raised = change === 'raised';
  const at = raised ? alert.raisedAt : (alert.resolvedAt ?? alert.raisedAt);
  return {
    type: raised ? 'alert.raised' : 'alert.resolved',
    timestamp: formatTime(at),
    data: {
      alert: alert.id,
      revision: alert.revision,
      state: alert.state,
      severity: alert.severity,
      rule: alert.rule,
      name: alert.name,
      sentence: alert.sentence,
      asset: alert.asset,
      assetName,
      assetType: alert.type,
      owner: alert.owner,
      operator: alert.operator,
      recipients: alert.recipients,
      raisedAt: formatTime(alert.raisedAt),
      ...(alert.resolvedAt === undefined ? {} : { resolvedAt: formatTime(alert.resolvedAt) }),
      ...(alert.cause === undefined ? {} : { cause: alert.cause }),
      evidence: alert.evidence,
      link,
    },
  };
}

const SEVERITY: Readonly<Record<Severity, Text>> = {
  critical: { da: 'KRITISK', en: 'CRITICAL' },
  high: { da: 'HØJ', en: 'HIGH' },
  low: { da: 'LAV', en: 'LOW' },
  info: { da: 'INFO', en: 'INFO' },
};

export interface Mail {
  subject: string;
  text: string;
}

/** Danish first, English below: severity, what, where, when, link. `now`: epoch ms, for times of another day. */
export function mailOf({ type, timestamp, data }: Message, now: number): Mail {
  const raised = type === 'alert.raised';
  const at = Date.parse(timestamp);
  const when = { da: timePhrase(at, 'da', now), en: timePhrase(at, 'en', now) };
  const severity = SEVERITY[data.severity];
  const subject = raised
    ? `${severity.da}: ${data.name.da}, ${data.assetName} ${when.da}`
    : `Ophørt: ${data.name.da}, ${data.assetName} ${when.da}`;
  const lines = raised
    ? [data.sentence.da, '', `Kvittér: ${data.link}`, '', `${severity.en}: ${data.sentence.en}`]
    : [
        `Alarmen ophørte ${when.da}. Den lød: ${data.sentence.da}`,
        '',
        `Se forløbet: ${data.link}`,
        '',
        `The alert ended at ${when.en}. It said: ${data.sentence.en}`,
      ];
  // A name may hold anything; a header holds one line.
  return { subject: subject.replace(/[\r\n]+/g, ' ').slice(0, 200), text: `${lines.join('\n')}\n` };
}
