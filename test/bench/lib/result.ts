/** What a benchmark gives: contract.md "Benchmarks as JSON", and the target it is held against. */

export interface Spread {
  median: number;
  min: number;
  max: number;
}

export interface Peer extends Spread {
  name: string;
  version: string;
  settings: string;
}

/** One thing counted on its three stations. They must be equal, or the figures mean nothing. */
export interface Count {
  acked: number;
  stored: number;
  queryable: number;
}

export interface Result {
  id: string;
  what: string;
  unit: string;
  ours: Spread;
  /** Absent where the target is a figure of its own. */
  peer: Peer | null;
  ratio: Spread | null;
  count: Count;
  target: { of: 'ours' | 'ratio'; atLeast: number } | { of: 'ours' | 'ratio'; atMost: number };
  verdict: 'met' | 'not met' | 'void';
  /** What else was seen, to understand the figure by. */
  details: Record<string, unknown>;
}

export interface BenchContext {
  /** Shorter runs with the same shape: they show that it works and about how fast. */
  quick: boolean;
  /** Tells the person who waits. */
  say(text: string): void;
  /** Uplinks a second from first PUBLISH to last value queryable, once it is measured in this run. */
  sustainedRate: number | undefined;
  /** Folder of the storage benchmark, kept; a temporary one when absent. */
  storageDir: string | undefined;
}

export type Benchmark = (context: BenchContext) => Promise<Result[]>;

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  return { median: round(median), min: round(sorted[0] ?? Number.NaN), max: round(sorted.at(-1) ?? Number.NaN) };
}

/** The value that a share `q` of all does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Four significant digits: more would only look exact. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function judged(result: Omit<Result, 'verdict'>): Result {
  const { count, target, ratio, ours } = result;
  const balanced = count.acked > 0 && count.acked === count.stored && count.stored === count.queryable;
  const figure = (target.of === 'ratio' ? ratio : ours)?.median ?? Number.NaN;
  const met = 'atLeast' in target ? figure >= target.atLeast : figure <= target.atMost;
  return { ...result, verdict: balanced ? (met ? 'met' : 'not met') : 'void' };
}
