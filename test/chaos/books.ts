/** The ledger, and what was acknowledged against what can be read back. */
import { readFileSync } from 'node:fs';
import type { Platform } from '../lib/platform.ts';

export interface LedgerCounts {
  accepted: number;
  decoded: number;
  rejected: number;
  pending: number;
  values: number;
  stored: number;
  storePending: number;
  readings: number;
  corrections: number;
  duplicates: number;
}

/** What does not add up; undefined when all does (semantics: Ledger). */
export function imbalance(l: LedgerCounts): string | undefined {
  if (l.accepted !== l.decoded + l.rejected + l.pending)
    return `accepted ≠ decoded + rejected + pending: ${JSON.stringify(l)}`;
  if (l.values !== l.stored + l.storePending) return `values ≠ stored + storePending: ${JSON.stringify(l)}`;
  if (l.stored !== l.readings + l.corrections + l.duplicates)
    return `stored ≠ readings + corrections + duplicates: ${JSON.stringify(l)}`;
  return undefined;
}

export interface Comparison {
  /** How many were acknowledged. */
  acked: number;
  /** "device number" of what is not as it should be. */
  lost: string[];
  twice: string[];
  foreign: string[];
}

/** The generator's record against what the API gives back, as multisets of "device number". */
export async function compare(platform: Platform, ids: readonly string[], record: string): Promise<Comparison> {
  const intended = new Set<string>();
  const acked = new Set<string>();
  for (const line of readFileSync(record, 'utf8').split('\n')) {
    if (line.startsWith('i ')) intended.add(line.slice(2));
    else if (line.startsWith('a ')) acked.add(line.slice(2));
  }
  const stored = new Map<string, number>();
  for (const id of ids) {
    for await (const value of valuesOf(platform, id)) {
      const key = `${id} ${value}`;
      stored.set(key, (stored.get(key) ?? 0) + 1);
    }
  }
  return {
    acked: acked.size,
    lost: [...acked].filter((key) => !stored.has(key)),
    twice: [...stored].filter(([, n]) => n > 1).map(([key]) => key),
    foreign: [...stored.keys()].filter((key) => !intended.has(key)),
  };
}

/** What is wrong with a comparison, a line each. */
export function faultsOf({ lost, twice, foreign }: Comparison): string[] {
  const some = (what: string, keys: string[]): string[] =>
    keys.length > 0 ? [`${keys.length} ${what}: ${keys.slice(0, 5).join(', ')}`] : [];
  return [
    ...some('acknowledged but not stored', lost),
    ...some('stored more than once', twice),
    ...some('stored but never sent', foreign),
  ];
}

async function* valuesOf(platform: Platform, asset: string): AsyncGenerator<number> {
  const from = new Date(Date.now() - 2 * 86_400_000).toISOString();
  const to = new Date(Date.now() + 86_400_000).toISOString();
  let cursor = '';
  do {
    const page = await platform.api<{ points: [string, number][]; next?: string }>(
      'GET',
      `/assets/${asset}/readings?quantity=distance&from=${from}&to=${to}&limit=100000${cursor}`,
    );
    for (const [, value] of page.points) yield value;
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
  } while (cursor !== '');
}
