/** Which parts to merge and why: retention first, then settling old months, then keeping the number of files small. */
import type { Limits } from './core.ts';
import { monthStart } from './sql.ts';
import type { Part } from './view.ts';

export interface Merge {
  month: number;
  parts: readonly Part[];
  /** Forget who gave the values: nobody can decode them anew any more. */
  settle: boolean;
  /** Quantities whose raw rows are left out of the new part; their hours stay. */
  expired: readonly string[];
}

export interface MergeState {
  parts: readonly Part[];
  /** Quantities (without channel) whose raw rows are too old in this month. */
  expired: (month: number) => readonly string[];
  /** Dead rows by month. */
  dead: ReadonlyMap<number, number>;
  now: number;
  limits: Limits;
}

// A settled month is written anew for late data only when it is worth it.
const LATE_SHARE = 0.1;
const MANY_DEAD = 1000;

/** The next merge to do, if any. */
export function planMerge(state: MergeState): Merge | undefined {
  const months = Map.groupBy(state.parts, (p) => p.month);
  for (const [month, parts] of [...months].sort(([a], [b]) => a - b)) {
    const merge = expire(state, month, parts) ?? settle(state, month, parts) ?? tier(state, month, parts);
    if (merge) return merge;
  }
  return undefined;
}

function expire(state: MergeState, month: number, parts: readonly Part[]): Merge | undefined {
  const expired = state.expired(month);
  const due = parts.some((p) => p.raw && expired.some((q) => !p.dropped.includes(q)));
  return due ? { month, parts, settle: isOld(state, month), expired } : undefined;
}

function settle(state: MergeState, month: number, parts: readonly Part[]): Merge | undefined {
  if (!isOld(state, month)) return undefined;
  const rows = sum(parts);
  const unsettled = parts.filter((p) => !p.settled);
  const worth =
    unsettled.length === parts.length ||
    sum(unsettled) >= rows * LATE_SHARE ||
    parts.length >= state.limits.fanIn ||
    (state.dead.get(month) ?? 0) >= MANY_DEAD;
  const due = unsettled.length > 0 || (state.dead.get(month) ?? 0) >= MANY_DEAD;
  return due && worth ? { month, parts, settle: true, expired: [] } : undefined;
}

// Parts of about one size are merged when there are enough of them, so a row is written anew only a few times.
function tier({ limits }: MergeState, month: number, parts: readonly Part[]): Merge | undefined {
  const tiers = Map.groupBy(parts, (p) => Math.floor(Math.log(Math.max(1, p.rows)) / Math.log(limits.fanIn)));
  for (const same of tiers.values())
    if (same.length >= limits.fanIn) return { month, parts: same, settle: same.every((p) => p.settled), expired: [] };
  return undefined;
}

function isOld({ now, limits }: MergeState, month: number): boolean {
  return monthStart(month + 1) + limits.ownersKept <= now;
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((n, p) => n + p.rows, 0);
}
