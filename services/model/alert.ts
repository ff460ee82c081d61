/** Transitions, acts and the episodes they make: the path from "a rule became true" to "somebody dealt with it". */
import type { Severity, Text } from './rule.ts';

/** The values and limits that made a rule true or false, enough to say so in a sentence. */
export interface Evidence {
  quantity?: string;
  value?: number;
  /** Name of the state where the quantity is one. */
  state?: string;
  limit?: number;
  unit?: string;
  /** How long it had held, ms. */
  heldFor?: number;
  /** When it was measured, epoch ms. */
  time?: number;
  /** When it was received, epoch ms. */
  received?: number;
}

/** A rule became true or false for an asset. Made by rules, read by alerts. */
export interface Transition {
  /** Of the episode: hash of rule, asset and the raising time. */
  alert: string;
  rule: string;
  ruleVersion: number;
  asset: string;
  owner: string;
  operator: string;
  type: string;
  to: 'raised' | 'cleared';
  /** Event time: of the reading, or when the timer was due. Epoch ms. */
  time: number;
  /** The rule clock when it was decided, epoch ms. */
  at: number;
  /** Why it cleared, where it was not the readings: the rule was changed or deleted, or the asset moved. */
  cause?: 'rule-changed' | 'rule-deleted' | 'asset-changed';
  severity: Severity;
  outcome: 'alarm' | 'worklist';
  recipients: string[];
  name: Text;
  sentence: Text;
  evidence: Evidence;
  notifyPast: boolean;
}

/** What a person did. Made by api, read by alerts. */
export interface Act {
  id: string;
  alert: string;
  kind: 'acknowledge' | 'assign' | 'comment' | 'resolve';
  /** Who: user or token id. */
  by: string;
  at: number;
  note?: string;
  assignee?: string;
}

/** A network server went away or came back: what is behind it is not silent, we do not hear it. Made by connect, read by rules. */
export interface Outage {
  kind: 'outage';
  networkServer: string;
  owner: string;
  state: 'away' | 'back';
  /** Since when, epoch ms. */
  at: number;
}

export type AlertState = 'open' | 'acknowledged' | 'resolved';

export interface AlertEvent {
  /** Of the act, where a person did it: an act that is handled twice is recognised by it. */
  id?: string;
  at: number;
  kind: 'raised' | 'cleared' | 'acknowledge' | 'assign' | 'comment' | 'resolve';
  by?: string;
  note?: string;
  assignee?: string;
  cause?: string;
}

/** An episode, as people see it. Projected to the registry, emitted to the `alerts` stream whenever it changes. */
export interface Alert {
  id: string;
  rule: string;
  ruleVersion: number;
  asset: string;
  owner: string;
  operator: string;
  type: string;
  state: AlertState;
  severity: Severity;
  outcome: 'alarm' | 'worklist';
  recipients: string[];
  name: Text;
  sentence: Text;
  evidence: Evidence;
  raisedAt: number;
  clearedAt?: number;
  acknowledgedAt?: number;
  acknowledgedBy?: string;
  resolvedAt?: number;
  resolvedBy?: string;
  cause?: string;
  assignee?: string;
  timeline: AlertEvent[];
  /** One more for each change; the identity of a change for notify. */
  revision: number;
}

/** What the `alerts` stream carries. `change` says what happened, `notify` whether people should hear of it. */
export interface AlertChange {
  alert: Alert;
  change: AlertEvent['kind'];
  notify: boolean;
}
