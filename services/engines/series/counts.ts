/** Adding up what the ledger counts. */
import { NO_STORE_COUNTS, type StoreCounts } from '../../model/ledger.ts';

type Counts = ReadonlyMap<string, StoreCounts>;

export function addCounts(to: Counts, added: Counts): Map<string, StoreCounts> {
  const sums = new Map(to);
  for (const [owner, a] of added) {
    const b = sums.get(owner) ?? NO_STORE_COUNTS;
    sums.set(owner, {
      stored: a.stored + b.stored,
      readings: a.readings + b.readings,
      corrections: a.corrections + b.corrections,
      duplicates: a.duplicates + b.duplicates,
      retracted: a.retracted + b.retracted,
    });
  }
  return sums;
}

/** Values that cannot be stored count as duplicates, so that `stored = readings + corrections + duplicates`. */
export function duplicatesOf(values: Readonly<Record<string, number>>): Map<string, StoreCounts> {
  return new Map(Object.entries(values).map(([owner, n]) => [owner, { ...NO_STORE_COUNTS, stored: n, duplicates: n }]));
}
