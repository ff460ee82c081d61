/** How an asset is, in one word: its worst open alert, else silence, else in order. */
import type { Alert, Latest, Severity } from './api.ts';

export type AssetState = Severity | 'task' | 'silent' | 'waiting' | 'ok';

/** Worst first. */
export const STATES: readonly AssetState[] = ['critical', 'high', 'low', 'info', 'silent', 'task', 'waiting', 'ok'];
export const RANK = Object.fromEntries(STATES.map((s, i) => [s, i])) as Record<AssetState, number>;

/** What the list may be narrowed to. */
export const GROUPS = {
  attention: ['critical', 'high', 'low', 'info', 'silent', 'task'],
  alarm: ['critical', 'high', 'low', 'info'],
  task: ['task'],
  silent: ['silent'],
  waiting: ['waiting'],
  ok: ['ok'],
} as const satisfies Record<string, readonly AssetState[]>;
export type Group = keyof typeof GROUPS;

export function isGroup(name: string): name is Group {
  return Object.hasOwn(GROUPS, name);
}

export function kindOf(alert: Pick<Alert, 'severity' | 'outcome'>): AssetState {
  return alert.outcome === 'worklist' ? 'task' : alert.severity;
}

/** Of two alerts on one asset the one to show: the worse, then the one nobody looks after yet, then the newer. */
export function worse(a: Alert, b: Alert): Alert {
  const byKind = RANK[kindOf(a)] - RANK[kindOf(b)];
  if (byKind !== 0) return byKind < 0 ? a : b;
  if (a.state !== b.state) return a.state === 'open' ? a : b;
  return a.raisedAt >= b.raisedAt ? a : b;
}

/** When anything was last heard of the asset, epoch ms. */
function lastHeard(latest: readonly Latest[]): number | undefined {
  return latest.length === 0 ? undefined : Math.max(...latest.map((l) => Date.parse(l.received)));
}

/** `heartbeat` in seconds, `now` in epoch ms. */
export function assetState(
  alert: Alert | undefined,
  latest: readonly Latest[],
  heartbeat: number,
  now: number,
): AssetState {
  const heard = lastHeard(latest);
  const isSilent = heard !== undefined && now - heard > heartbeat * 1000;
  const state = alert ? kindOf(alert) : heard === undefined ? 'waiting' : 'ok';
  return isSilent && RANK.silent < RANK[state] ? 'silent' : state;
}
