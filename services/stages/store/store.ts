/**
 * The stage that brings readings into the time-series store. The store decides what is new, a duplicate or a correction
 * and keeps its own cursor in the transaction of its rows; the log's cursor follows and only says what may be deleted.
 */
import { decodeReadings, type ReadingColumns } from '../../model/readings.ts';
import type { SeriesStore } from '../../model/series.ts';
import type { Ops } from '../../ops/ops.ts';
import { positionsAfter } from '../../pipeline/slices.ts';
import type { Outcome, Slice, Stage } from '../../pipeline/stage.ts';
import { sliceReadings } from './slice-readings.ts';

export interface StoreDependencies {
  series: Pick<SeriesStore, 'position' | 'write' | 'skip' | 'behind'>;
  ops: Ops;
  /** Wall clock, epoch ms. */
  now?: () => number;
}

// A commit of the store costs some milliseconds however many rows it has; this is about 100,000 of them.
const BATCH_BYTES = 4 * 1024 * 1024;
// One every so often is a small part of a core, and what is published can be asked for at once.
const REST_MS = 15;
const NOTHING: Outcome = { outputs: [], state: new Map() };

export function createStore({ series, ops, now = Date.now }: StoreDependencies): Stage {
  const freshness = ops.metrics.gauge(
    'queryable_freshness_seconds',
    'Time from receipt until queryable, of the newest value of the last batch stored',
  );
  const unstorable = ops.metrics.counter(
    'store_unstorable_total',
    'Values set aside because of a bug; the ledger counts them as duplicates',
  );

  /** The position after a batch of slices of the one stream this stage reads. */
  const after = (batch: readonly Slice[]) => positionsAfter(batch).readings!; // a batch has a slice

  return {
    name: 'store',
    reads: ['readings'],
    batchBytes: BATCH_BYTES,
    restMs: REST_MS,
    restore() {}, // everything it knows is in the store
    position: () => series.position(),

    async handle(batch) {
      await series.behind(now() - batch[0]!.block.at); // a batch has a slice
      await series.write(batch.map(columnsOf), after(batch));
      freshness.set(Math.max(0, now() - batch.at(-1)!.block.at) / 1000); // a batch has a slice
      return NOTHING;
    },

    // The value cannot become a reject here: decode has finished its uplink. It counts as a duplicate, so that the
    // ledger adds up, and the loop has raised the alert. Nothing brings it back by itself.
    async poison(record) {
      const values: Record<string, number> = {};
      for (const owner of ownersOf(record)) values[owner] = (values[owner] ?? 0) + 1;
      unstorable.inc(record.to - record.from);
      ops.logger.error({ offset: record.block.first + record.from, values }, 'a reading could not be stored');
      await series.skip(values, after([record]));
      return NOTHING;
    },
  };
}

function columnsOf({ block, from, to }: Slice): ReadingColumns {
  return sliceReadings(decodeReadings(block.body), from, to);
}

/** Owner of each row of a slice, as far as the block can be read at all. */
function ownersOf(record: Slice): string[] {
  try {
    const { series, seriesIndex } = columnsOf(record);
    return Array.from(seriesIndex, (s) => series[s]?.owner ?? '');
  } catch {
    return Array.from({ length: record.to - record.from }, () => '');
  }
}
